using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Pruning;

public class MaskTrainingTests
{
    [Fact]
    public void Only_scores_are_trained()
    {
        using var bert = TinyBert.Create();
        using var method = Begun(bert, new MaskTrainingSpec { Sparsity = 0.5 });
        Assert.All(bert.parameters(), parameter => Assert.False(parameter.requires_grad));
        Assert.Equal(14, method.State!.parameters().Count());
        Assert.All(method.State.parameters(), scores => Assert.True(scores.requires_grad));
    }

    [Fact]
    public void Hard_initialisation_gives_exactly_the_floor_of_zeros_and_twice_the_threshold_elsewhere()
    {
        using var bert = TinyBert.Create();
        using var method = Begun(bert, new MaskTrainingSpec { Sparsity = 0.7 });
        foreach (var scores in method.State!.parameters())
        {
            var values = scores.data<float>().ToArray();
            Assert.Equal(Selection.ZeroCount(values.Length, 0.7), values.Count(value => value == 0));
            Assert.All(values, value => Assert.True(value is 0 or 0.02f));
        }
    }

    [Fact]
    public void The_hard_start_equals_magnitude_pruning_of_the_same_matrices()
    {
        using var trained = TinyBert.Create();
        using var pruned = TinyBert.Create();
        using var masks = Begun(trained, new MaskTrainingSpec { Sparsity = 0.5, MaskClassifier = false });
        using var magnitude = Begun(pruned, new MagnitudeSpec { Sparsity = 0.5 });
        masks.BeforeEvaluation(new PrunableModel(trained));
        trained.eval();
        pruned.eval();
        Assert.Equal(TinyBert.Logits(pruned), TinyBert.Logits(trained));
    }

    [Fact]
    public void The_straight_through_gradient_is_the_effective_weights_gradient_times_the_weight()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var linear = new PrunableLinear(4, 3);
        nn.init.normal_(linear.Weight);
        linear.Weight.requires_grad = false;
        var scores = nn.Parameter(rand([3, 4]));
        linear.Mask = new TrainedMask(new MatrixId(MatrixKind.Query, 0, "w"), scores, full([1], 0.5));
        var x = randn([5, 4]);
        var pull = randn([5, 3]);
        (linear.forward(x) * pull).sum().backward();
        var effectiveGradient = matmul(pull.transpose(0, 1), x);
        Assert.True(allclose(effectiveGradient * linear.Weight, scores.grad!, 1e-5, 1e-6));
        Assert.Null(linear.Weight.grad);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(0.9)]
    public void After_scores_moved_every_evaluation_has_the_exact_sparsity(double sparsity)
    {
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        using var method = Begun(bert, new MaskTrainingSpec { Sparsity = sparsity });
        using (no_grad())
            foreach (var scores in method.State!.parameters())
                using (var noise = randn_like(scores))
                    scores.add_(noise, 0.05);
        method.BeforeEvaluation(model);
        foreach (var mask in method.Masks(model).Matrices)
            Assert.Equal(mask.Rows * mask.Columns - Selection.ZeroCount(mask.Rows * mask.Columns, sparsity), mask.Kept);
    }

    [Fact]
    public void Soft_initialisation_scores_by_magnitude()
    {
        using var bert = TinyBert.Create();
        using var method = Begun(bert, new MaskTrainingSpec { Sparsity = 0.5, Initialisation = MaskInitialisation.Soft });
        Assert.Equal(bert.Bert.Encoder.Layers[0].Attention.Self.Query.Weight.abs().data<float>().ToArray(), method.State!.parameters().First().data<float>().ToArray());
    }

    [Fact]
    public void Uniform_initialisation_depends_on_the_seed_and_not_on_the_weights()
    {
        Assert.Equal(UniformScores(seed: 1, modelSeed: 1), UniformScores(seed: 1, modelSeed: 2));
        Assert.NotEqual(UniformScores(seed: 1, modelSeed: 1), UniformScores(seed: 2, modelSeed: 1));
    }

    [Fact]
    public void The_finished_masks_applied_to_the_weights_give_bit_equal_logits()
    {
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        using var method = Begun(bert, new MaskTrainingSpec { Sparsity = 0.7 });
        method.BeforeEvaluation(model);
        bert.eval();
        var masked = TinyBert.Logits(bert);
        var masks = method.Masks(model);
        model.ClearMasks();
        masks.ApplyTo(model);
        Assert.Equal(masked, TinyBert.Logits(bert));
    }

    private static float[] UniformScores(long seed, long modelSeed)
    {
        using var bert = TinyBert.Create(modelSeed);
        using var method = new MaskTrainingSpec { Sparsity = 0.5, Initialisation = MaskInitialisation.Uniform }.Build(seed);
        method.Begin(new PrunableModel(bert), new Budget(1, 1));
        return method.State!.parameters().First().data<float>().ToArray();
    }

    private static PruningMethod Begun(BertForSequenceClassification bert, PruningSpec spec)
    {
        var method = spec.Build(1);
        method.Begin(new PrunableModel(bert), new Budget(1, 1));
        return method;
    }
}
