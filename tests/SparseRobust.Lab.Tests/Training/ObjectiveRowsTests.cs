using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Tests.Bias;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

public class ObjectiveRowsTests
{
    [Fact]
    public void Log_probabilities_come_row_by_row_in_the_order_asked_for_and_only_when_needed()
    {
        using var scope = NewDisposeScope();
        var bias = new BiasPredictions(TinyBias.Sha256, LabelSet.TwoWayNli, [.. new[] { .5f, .5f, .25f, .75f, .9f, .1f }.Select(p => MathF.Log(p))]);
        var rows = new ObjectiveRows(Inputs(new ProductOfExpertsSpec(), rows: 3) with { Bias = bias });
        Assert.Equal([MathF.Log(.9f), MathF.Log(.1f), MathF.Log(.5f), MathF.Log(.5f)], rows.BiasLogProbs([2, 0])!.data<float>().ToArray());
        Assert.Null(rows.TeacherLogProbs([0]));
    }

    private static ClassificationInputs Inputs(ObjectiveSpec objective, int rows)
    {
        var examples = Enumerable.Range(0, rows).Select(i => new Example(i.ToString("d", null), "a", "b", 0)).ToList();
        var dataset = new Dataset("tiny", "train", LabelSet.TwoWayNli, examples, TinyBias.Sha256);
        var train = EncodedDataset.Encode(EvaluationSet.SameLabels(dataset), new WordPiece(Words()), 8, Truncation.Refuse, CancellationToken.None);
        return new ClassificationInputs
        {
            Spec = new TrainingSpec { Objective = objective }, Model = null!, Train = train, Dev = train, OutOfDistribution = [], PaddingId = 0, Seed = 1, Device = CPU,
        };
    }

    private static Vocabulary Words() => new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"]);
}
