using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Tests.Bias;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Training;

public class ObjectiveRowsTests
{
    [Fact]
    public void Targets_and_log_probabilities_come_row_by_row_in_the_order_asked_for()
    {
        using var scope = NewDisposeScope();
        var bias = new BiasPredictions(TinyBias.Sha256, LabelSet.TwoWayNli, [.. new[] { .5f, .5f, .25f, .75f, .9f, .1f }.Select(p => MathF.Log(p))]);
        var rows = new ObjectiveRows(Inputs(new ProductOfExpertsSpec(), [null, null, null]) with { Bias = bias });
        Assert.Equal([MathF.Log(.9f), MathF.Log(.1f), MathF.Log(.5f), MathF.Log(.5f)], rows.BiasLogProbs([2, 0])!.data<float>().ToArray());
        Assert.Null(rows.Targets([0]));
        Assert.Null(rows.TeacherLogProbs([0]));
        Assert.Equal([5f, 0.5f], new ObjectiveRows(Inputs(new MeanSquaredErrorSpec(), [0.5f, 3, 5])).Targets([2, 0])!.data<float>().ToArray());
    }

    [Fact]
    public void A_row_without_a_target_is_named()
    {
        var rows = new ObjectiveRows(Inputs(new MeanSquaredErrorSpec(), [0.5f, null]));
        var error = Assert.Throws<LabException>(() => rows.Targets([0, 1]));
        Assert.Equal(ProblemCode.DatasetInvalid, error.Code);
        Assert.Contains("graded train, row \"1\"", error.Message, StringComparison.Ordinal);
    }

    private static TrainingInputs Inputs(ObjectiveSpec objective, float?[] targets)
    {
        var examples = targets.Select((target, i) => new Example(i.ToString("d", null), "a", "b", 0) { Target = target }).ToList();
        var dataset = new Dataset("graded", "train", LabelSet.Regression, examples, TinyBias.Sha256);
        var train = EncodedDataset.Encode(EvaluationSet.SameLabels(dataset), new WordPiece(Words()), 8, Truncation.Refuse, CancellationToken.None);
        return new TrainingInputs
        {
            Stage = "fine-tune", Spec = new TrainingSpec { Objective = objective }, Model = null!, Train = train, Dev = train, OutOfDistribution = [], PaddingId = 0, Seed = 1,
            Device = CPU, Journal = null!, WorkFolder = "", RunId = "", Cadence = new TrainingCadence(),
        };
    }

    private static Vocabulary Words() => new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"]);
}
