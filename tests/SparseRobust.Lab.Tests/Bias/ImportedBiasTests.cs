using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Checkpoints;
using SparseRobust.Lab.Tests.Data;

namespace SparseRobust.Lab.Tests.Bias;

public sealed class ImportedBiasTests : IDisposable
{
    private static readonly LabelSet Fever = new(["SUPPORTS", "REFUTES", "NOT ENOUGH INFO"]);
    private static readonly Dataset Train = TinyBias.Of(Fever, ("a", "", 0), ("b", "", 1), ("c", "", 2));
    private static readonly float[] Probabilities = [.7f, .2f, .1f, .3f, .3f, .4f, .1f, 0f, .9f];
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_npy_file_is_matched_by_order_and_its_columns_by_name(bool gzip)
    {
        var path = _data.Write("p.npy", NpyMatrix.Write(Probabilities, 3), gzip);
        var model = Build(path, "REFUTES, SUPPORTS, NOT ENOUGH INFO");
        Assert.Equal([.2, .7, .1], model.OfTrainingSet.Row(0).ToArray().Select(logProb => Math.Round(Math.Exp(logProb), 6)));
        var fit = Assert.IsType<ImportedFit>(model.Fit);
        Assert.Equal((false, 1, 1 / 3.0), (fit.ById, fit.RaisedZeros, fit.TrainAccuracy));
        Assert.Null(model.Predict(Train, CancellationToken.None));
        Assert.Equal(["accuracy", "majority_accuracy", "balanced_accuracy"], BiasReport.Of(model, new TaskData(Train, Train, []), CancellationToken.None).Scores.Where(score => score.Slice == "all").Select(score => score.Metric));
    }

    [Theory]
    [InlineData("<f8", "False", 1)]
    [InlineData(">f8", "True ", 1)]
    [InlineData("<f4", "True ", 2)]
    [InlineData("<f2", "False", 3)]
    public void Other_number_types_byte_orders_and_versions_are_the_same_predictions(string type, string fortran, int version)
    {
        var path = _data.Write("p.npy", Npy(type, fortran, version));
        var model = Build(path, "SUPPORTS,REFUTES,NOT ENOUGH INFO");
        for (var i = 0; i < Probabilities.Length; i++)
            Assert.Equal(Probabilities[i], Math.Exp(model.OfTrainingSet.LogProbs[i]), type == "<f2" ? 1e-3 : 1e-6);
    }

    [Fact]
    public void An_archive_of_one_array_is_read_and_of_two_refused()
    {
        Assert.Equal(.7, Math.Exp(Build(_data.Write("p.npz", Npz(1)), "SUPPORTS,REFUTES,NOT ENOUGH INFO").OfTrainingSet.Row(0)[0]), 1e-6);
        Assert.Contains("2 arrays (0.npy, 1.npy)", Refused(_data.Write("q.npz", Npz(2)), "SUPPORTS,REFUTES,NOT ENOUGH INFO", ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PickleReaderTests.Names), MemberType = typeof(PickleReaderTests))]
    public void A_dict_is_matched_by_id_and_an_array_by_order(string name)
    {
        var model = Build(_data.Write("p.pkl", PickleReaderTests.Bytes(name)), "SUPPORTS,REFUTES,NOT ENOUGH INFO", WithIds("c", "a1", "7"));
        double[][] rows = [[.5, .25, .25], [.125, .5, .375], [.25, .125, .625]];
        int[] order = name.StartsWith("array", StringComparison.Ordinal) ? [0, 1, 2] : [2, 0, 1];
        Assert.Equal(order.SelectMany(row => rows[row]), model.OfTrainingSet.LogProbs.ToArray().Select(logProb => Math.Round(Math.Exp(logProb), 6)));
    }

    [Fact]
    public void A_dict_by_id_gives_each_row_its_own()
    {
        // {"1": [0.5, 0.25, 0.25], 0: ..., 2: ...}; TinyBias numbers its rows from 0.
        const string pickle = "(dV1\n(F0.5\nF0.25\nF0.25\nlsI0\n(F0.25\nF0.5\nF0.25\nlsI2\n(F0.125\nF0.125\nF0.75\nlsV9\nNs.";
        var model = Build(_data.Write("p.pkl", Encoding.ASCII.GetBytes(pickle)), "SUPPORTS,REFUTES,NOT ENOUGH INFO");
        Assert.Equal([.25, .5, .25, .5, .25, .25, .125, .125, .75], model.OfTrainingSet.LogProbs.ToArray().Select(logProb => Math.Round(Math.Exp(logProb), 6)));
        Assert.True(Assert.IsType<ImportedFit>(model.Fit).ById);
    }

    [Fact]
    public void Rows_without_a_prediction_are_counted_and_named()
    {
        var fault = Refused(_data.Write("p.pkl", "(dV1\n(F0.5\nF0.25\nF0.25\nls."u8.ToArray()), "SUPPORTS,REFUTES,NOT ENOUGH INFO", ProblemCode.ArtifactCorrupt);
        Assert.Contains("2 of the 3 training rows have no prediction, the first of them 0, 2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_and_the_rest_share_the_rest_equally()
    {
        var nli = TinyBias.Dataset(("a", "b", 0), ("c", "d", 1));
        var path = _data.Write("p.npy", NpyMatrix.Write([MathF.Log(.4f), MathF.Log(.6f), MathF.Log(.9f), MathF.Log(.1f)], 2));
        var model = Build(path, "non-entailment, entailment", nli, PredictionValues.LogProbabilities);
        Assert.Equal([.2, .6, .2, .45, .1, .45], model.OfTrainingSet.LogProbs.ToArray().Select(logProb => Math.Round(Math.Exp(logProb), 5)));
        Assert.Equal(1, model.PositiveClass);
    }

    [Theory]
    [InlineData("SUPPORTS, REFUTES", ProblemCode.RecipeInvalid)]
    [InlineData("SUPPORTS, SUPPORTS, REFUTES", ProblemCode.RecipeInvalid)]
    [InlineData("yes, no", ProblemCode.RecipeInvalid)]
    [InlineData("SUPPORTS, rest", ProblemCode.ArtifactCorrupt)]
    public void Columns_that_do_not_fit_are_refused(string columns, ProblemCode code) => Refused(_data.Write("p.npy", NpyMatrix.Write(Probabilities, 3)), columns, code);

    [Fact]
    public void Another_number_of_rows_is_refused() => Assert.Contains(
        "2 rows and the training set 3", Refused(_data.Write("p.npy", NpyMatrix.Write(Probabilities.AsSpan(0, 6), 3)), "SUPPORTS,REFUTES,NOT ENOUGH INFO", ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);

    [Fact]
    public void Logarithms_named_probabilities_are_refused_with_a_hint()
    {
        var path = _data.Write("p.npy", NpyMatrix.Write([.. Probabilities.Select(p => MathF.Log(p + .01f))], 3));
        Assert.Contains("is no probability", Refused(path, "SUPPORTS,REFUTES,NOT ENOUGH INFO", ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);
        path = _data.Write("q.npy", NpyMatrix.Write([1, 1, 1, 1, 1, 1, 1, 1, 1], 3));
        Assert.Contains("are the values log_probabilities?", Refused(path, "SUPPORTS,REFUTES,NOT ENOUGH INFO", ProblemCode.ArtifactCorrupt), StringComparison.Ordinal);
    }

    [DataFact]
    public void The_published_predictions_for_fever_are_read()
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")!.Split(Path.PathSeparator)[0], "fever", "bias_model_probs.npy.gz");
        var train = new Dataset("fever", "train", Fever, [.. Enumerable.Range(0, 242_911).Select(i => new Example($"{i}", "", "", 0))], TinyBias.Sha256);
        var model = Build(path, "SUPPORTS, REFUTES, NOT ENOUGH INFO", train);
        var means = Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 242_911).Average(i => Math.Exp(model.OfTrainingSet.Row(i)[k])));
        Assert.Equal([.354, .294, .352], means.Select(mean => Math.Round(mean, 3)));
    }

    private static Dataset WithIds(params string[] ids) => Train with { Examples = [.. Train.Examples.Zip(ids, (example, id) => example with { Id = id })] };

    private BiasModel Build(string path, string columns, Dataset? train = null, PredictionValues values = PredictionValues.Probabilities)
    {
        var spec = new ImportedBiasSpec { Path = path, Columns = columns, Values = values };
        return spec.Build(new BiasInputs(train ?? Train) { Source = BiasSource.Find(_data.Folders, path) }, CancellationToken.None);
    }

    private string Refused(string path, string columns, ProblemCode code)
    {
        var fault = Assert.Throws<LabException>(() => Build(path, columns));
        Assert.Equal(code, fault.Code);
        return fault.Message;
    }

    private static byte[] Npz(int arrays)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            for (var i = 0; i < arrays; i++)
                using (var entry = archive.CreateEntry($"{i}.npy").Open())
                    entry.Write(NpyMatrix.Write(Probabilities, 3));
        return bytes.ToArray();
    }

    private static byte[] Npy(string type, string fortran, int version)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': (3, 3), }}\n");
        writer.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0]);
        if (version == 1)
            writer.Write((ushort)header.Length);
        else
            writer.Write(header.Length);
        writer.Write(header);
        for (var i = 0; i < 9; i++)
        {
            var value = fortran == "False" ? Probabilities[i] : Probabilities[i % 3 * 3 + i / 3];
            var number = type[1..] switch { "f8" => BitConverter.GetBytes((double)value), "f4" => BitConverter.GetBytes(value), _ => BitConverter.GetBytes((Half)value) };
            writer.Write(type[0] == '>' ? [.. number.Reverse()] : number);
        }
        writer.Flush();
        return bytes.ToArray();
    }
}
