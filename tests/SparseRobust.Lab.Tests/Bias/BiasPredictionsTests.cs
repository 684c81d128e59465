using System.Text;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Bias;

public sealed class BiasPredictionsTests : IDisposable
{
    private static readonly Dataset Data = TinyBias.Dataset(("a", "b", 0), ("a", "a", 1), ("b", "b", 2));
    private readonly string _folder = Directory.CreateTempSubdirectory("bias-predictions-").FullName;

    private string Npy => Path.Combine(_folder, "train.npy");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Argmax_and_accuracies_by_hand()
    {
        // argmax: 0 (tie with 2), 1 (0.4 beats 0.3), 0 -> right, right, wrong. At one half: no, no, no against no, yes, no.
        var predictions = Of([.4, .2, .4], [.3, .4, .3], [.45, .1, .45]);
        Assert.Equal([0, 1, 0], Enumerable.Range(0, 3).Select(predictions.Argmax));
        Assert.Equal(2 / 3.0, predictions.Accuracy(EvaluationSet.SameLabels(Data)));
        Assert.Equal(2 / 3.0, predictions.TwoClassAccuracy(EvaluationSet.SameLabels(Data), 1));
    }

    [Fact]
    public void Accuracy_maps_three_classes_to_two()
    {
        var hans = TinyBias.Of(LabelSet.TwoWayNli, ("a", "b", 0), ("a", "a", 1), ("b", "b", 1));
        Assert.Equal(2 / 3.0, Of([.4, .2, .4], [.1, .8, .1], [.1, .2, .7]).Accuracy(EvaluationSet.ThreeToTwoWayNli(hans)));
    }

    [Fact]
    public void Predictions_of_other_data_are_refused()
    {
        var predictions = Of([.4, .2, .4], [.3, .4, .3], [.45, .1, .45]);
        var other = Data with { Sha256 = "else" };
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => predictions.Require(other, Data.Labels)).Code);
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => predictions.Require(Data, LabelSet.TwoWayNli)).Code);
        Assert.Throws<ArgumentException>(() => predictions.Accuracy(EvaluationSet.SameLabels(other)));
    }

    [Fact]
    public void Wrong_rows_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => Of([.4, .2, .3]));
        Assert.Throws<ArgumentException>(() => Of([1, 0, 0]));
        Assert.Throws<ArgumentException>(() => new BiasPredictions("x", LabelSet.ThreeWayNli, [0f, 0f]));
    }

    [Fact]
    public void Saved_predictions_come_back_bit_for_bit()
    {
        var model = new OverlapBiasSpec().Build(new BiasInputs(TinyBias.Overlapping(60)), CancellationToken.None);
        BiasPredictionsFile.Save(model.OfTrainingSet, model.Fit, Npy);
        var (loaded, fit) = BiasPredictionsFile.Load(Npy);
        Assert.Equal(model.OfTrainingSet.LogProbs.ToArray(), loaded.LogProbs.ToArray());
        Assert.Equal((model.OfTrainingSet.DatasetSha256, model.OfTrainingSet.Labels), (loaded.DatasetSha256, loaded.Labels));
        var (made, read) = (Assert.IsType<OverlapFit>(model.Fit), Assert.IsType<OverlapFit>(fit));
        Assert.Equal(made.Coefficients, read.Coefficients);
        Assert.Equal((made.Folds, made.TrainAccuracy, made.PositiveClass), (read.Folds, read.TrainAccuracy, read.PositiveClass));
        Assert.Equal(["train.json", "train.npy"], Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order());
    }

    [Fact]
    public void The_matrix_file_is_numpys_version_1()
    {
        BiasPredictionsFile.Save(Of([.4, .2, .4]), null, Npy);
        var bytes = File.ReadAllBytes(Npy);
        Assert.Equal(128 + 3 * 4, bytes.Length);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], bytes[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }", Encoding.ASCII.GetString(bytes, 10, 118).TrimEnd());
        Assert.Equal((byte)'\n', bytes[127]);
    }

    [Fact]
    public void Missing_files_say_so()
    {
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => BiasPredictionsFile.Load(Npy)).Code);
        BiasPredictionsFile.Save(Of([.4, .2, .4]), null, Npy);
        File.Delete(Npy);
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => BiasPredictionsFile.Load(Npy)).Code);
    }

    [Fact]
    public void A_changed_byte_or_a_broken_card_is_corrupt()
    {
        BiasPredictionsFile.Save(Of([.4, .2, .4]), null, Npy);
        var (matrix, card) = (File.ReadAllBytes(Npy), File.ReadAllText(Path.ChangeExtension(Npy, ".json")));
        matrix[^1] ^= 1;
        File.WriteAllBytes(Npy, matrix);
        AssertCorrupt();
        matrix[^1] ^= 1;
        File.WriteAllBytes(Npy, matrix);
        foreach (var broken in (string[])["", "null", "{}", card[..20], card.Replace("\"rows\": 1", "\"rows\": 2"), card.Replace("\"rows\"", "\"lines\""), card.Replace("\"neutral\"", "\"neutral\", \"x\"")])
        {
            File.WriteAllText(Path.ChangeExtension(Npy, ".json"), broken);
            AssertCorrupt();
        }
    }

    [Theory]
    [InlineData("<f4", "<f8")]
    [InlineData("False", "True ")]
    [InlineData("(1, 3)", "(2, 3)")]
    [InlineData("(1, 3)", "(3,)  ")]
    [InlineData("(1, 3)", "(99999999999999, 3)")]
    [InlineData("NUMPY", "NUMPO")]
    public void Another_header_is_refused(string from, string to)
    {
        var bytes = NpyMatrix.Write([0f, 0f, 0f], 3);
        var text = Encoding.Latin1.GetString(bytes).Replace(from, to);
        Assert.Throws<FormatException>(() => NpyMatrix.Read(Encoding.Latin1.GetBytes(text), reason => new FormatException(reason)));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = NpyMatrix.Write([0f, 1f, 2f], 3);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<FormatException>(() => NpyMatrix.Read(bytes.AsSpan(0, length), reason => new FormatException(reason)));
        Assert.Equal([0f, 1f, 2f], NpyMatrix.Read(bytes, reason => new FormatException(reason)).Values);
    }

    private void AssertCorrupt() => Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => BiasPredictionsFile.Load(Npy)).Code);

    private static BiasPredictions Of(params double[][] rows) =>
        new(TinyBias.Sha256, LabelSet.ThreeWayNli, [.. rows.SelectMany(row => row.Select(probability => (float)Math.Log(probability)))]);
}
