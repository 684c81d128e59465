using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Lab.Tests.Evaluation;

public sealed class PredictionsFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    private static SetPredictions Hans()
    {
        var labels = LabelSet.TwoWayNli;
        var data = new Dataset("hans", "evaluation", labels, [new Example("1", "a", "b", 0), new Example("2", "c", "d", 1), new Example("3", "e", "f", 1)], "abc");
        // Contradiction, entailment, neutral.
        return SetPredictions.Of(EvaluationSet.ThreeToTwoWayNli(data), LabelSet.ThreeWayNli, new Predictions([0, 1, 2, 0, 3, 1, 5, 4, 3], 3));
    }

    private static SetPredictions Graded() => SetPredictions.Of(
        EvaluationSet.SameLabels(new Dataset("stsb", "dev", LabelSet.Regression, [new Example("1", "a", "b", 0) { Target = 2.5f }], "def")), LabelSet.Regression, new Predictions([1.25f], 1));

    [Fact]
    public void What_was_saved_is_read()
    {
        PredictionsFile.Save(_path, [Hans(), Graded()]);
        var sets = PredictionsFile.Load(_path);
        Assert.Equal(["hans evaluation abc", "stsb dev def"], sets.Select(set => $"{set.Dataset} {set.Split} {set.Sha256}"));
        Assert.Equal(LabelSet.ThreeWayNli, sets[0].ModelLabels);
        Assert.Equal(LabelSet.TwoWayNli, sets[0].DatasetLabels);
        Assert.Equal([0, 1, 2, 0, 3, 1, 5, 4, 3], sets[0].Outputs.Logits);
        Assert.Equal([2.5f], sets[1].Gold);
        Assert.Equal([1.25f], sets[1].Outputs.Logits);
    }

    [Fact]
    public void The_argmax_is_taken_before_classes_are_merged() =>
        Assert.Equal([true, true, false], Hans().Correct());

    [Fact]
    public void A_row_of_three_classes_takes_sixteen_bytes()
    {
        PredictionsFile.Save(_path, [Hans()]);
        using var file = SafetensorsFile.Open(_path);
        Assert.Equal(3 * 16, file.Entries.Sum(entry => entry.Length));
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "\"model_to_dataset\":[0,1,0]", "\"model_to_dataset\":[0,2,0]" },
        { "\"model_to_dataset\":[0,1,0]", "\"model_to_dataset\":[0,1]" },
        { "[\"non-entailment\",\"entailment\"]", "[\"non-entailment\"]" },
        { "[\"contradiction\",\"entailment\",\"neutral\"]", "[\"entailment\",\"neutral\"]" },
        { "[\"contradiction\",\"entailment\",\"neutral\"]", "[]" },
        { "[{\"dataset\"", "{\"dataset\"" },
        { "\"dataset\":\"hans\"", "\"dataset\":\"mnli\"" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_file_whose_metadata_lies_is_refused(string truth, string lie)
    {
        PredictionsFile.Save(_path, [Hans()]);
        using (var file = SafetensorsFile.Open(_path))
        {
            var sets = string.Concat(file.Metadata["sets"].Where(letter => !char.IsWhiteSpace(letter)));
            Assert.Contains(truth, sets, StringComparison.Ordinal);
            List<SafetensorsTensor> tensors = [.. file.Entries.Select(entry => SafetensorsTensor.Of(entry.Name, entry.DType, entry.Shape, Read(file, entry)))];
            using var stream = File.Create(_path + ".lie");
            SafetensorsWriter.Write(stream, tensors, new Dictionary<string, string> { ["sets"] = sets.Replace(truth, lie, StringComparison.Ordinal) });
        }
        File.Move(_path + ".lie", _path, overwrite: true);
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => PredictionsFile.Load(_path)).Code);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var problem = Assert.Throws<LabException>(() => PredictionsFile.Load(_path));
        Assert.Equal(ProblemCode.ArtifactMissing, problem.Code);
        Assert.Contains(_path, problem.Message, StringComparison.Ordinal);
    }

    private static byte[] Read(SafetensorsFile file, SafetensorsEntry entry)
    {
        var bytes = new byte[entry.Length];
        file.Read(entry.Name, bytes);
        return bytes;
    }
}
