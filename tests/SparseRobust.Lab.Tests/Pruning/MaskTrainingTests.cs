using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;

namespace SparseRobust.Lab.Tests.Pruning;

public class MaskTrainingTests
{
    private static readonly Step Last = new(1, new Budget(1, 1));

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
        masks.BeforeEvaluation(new PrunableModel(trained), Last);
        trained.eval();
        pruned.eval();
        Assert.Equal(TinyBert.Logits(pruned), TinyBert.Logits(trained));
    }

    [Fact]
    public void The_straight_through_gradient_is_the_effective_weights_gradient_times_the_weight()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var linear = new PrunableLinear(4, 3);
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
        method.BeforeEvaluation(model, Last);
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
        method.BeforeEvaluation(model, Last);
        bert.eval();
        var masked = TinyBert.Logits(bert);
        var masks = method.Masks(model);
        model.ClearMasks();
        masks.ApplyTo(model);
        Assert.Equal(masked, TinyBert.Logits(bert));
    }

    [Theory]
    [InlineData(1, 0.7976)]
    [InlineData(2, 0.8568)]
    [InlineData(5, 0.9)]
    public void A_gradual_mask_starts_at_its_initial_sparsity_and_has_the_schedules_at_every_evaluation(int epoch, double sparsity)
    {
        using var bert = TinyBert.Create();
        var model = new PrunableModel(bert);
        using var method = Begun(bert, Gradual());
        Assert.All(Live(method), live => Assert.Equal(Selection.ZeroCount(live.Weights, 0.7), live.Removed));
        method.BeforeEvaluation(model, new Step(epoch * 10, new Budget(50, 10)));
        Assert.All(method.Masks(model).Matrices, mask => Assert.Equal(mask.Rows * mask.Columns - Selection.ZeroCount(mask.Rows * mask.Columns, sparsity), mask.Kept));
        Assert.All(Live(method), live => Assert.Equal(Selection.ZeroCount(live.Weights, sparsity), live.Removed));
    }

    [Fact]
    public void A_gradual_mask_may_be_chosen_only_where_its_sparsity_is_the_final_one()
    {
        using var method = Gradual(to: 0.6).Build(1);
        Assert.Equal([false, false, true, true], new[] { 10, 29, 30, 50 }.Select(step => method.MayBeChosen(new Step(step, new Budget(50, 10)))));
        using var constant = new MaskTrainingSpec { Sparsity = 0.9 }.Build(1);
        Assert.True(constant.MayBeChosen(new Step(1, new Budget(50, 10))));
    }

    /// <summary>Why gradual wants a soft start: the largest score is among the ties, so the threshold has nowhere to go.</summary>
    [Fact]
    public void A_hard_start_cannot_follow_a_rising_sparsity_before_its_scores_come_apart()
    {
        using var bert = TinyBert.Create();
        using var method = Begun(bert, Gradual() with { Initialisation = MaskInitialisation.Hard });
        method.BeforeEvaluation(new PrunableModel(bert), Last);
        Assert.All(Live(method), live => Assert.Equal(Selection.ZeroCount(live.Weights, 0.7), live.Removed));
    }

    private static MaskTrainingSpec Gradual(double to = 1) =>
        new() { Sparsity = 0.9, Initialisation = MaskInitialisation.Soft, Gradual = new CubicSparsity { InitialSparsity = 0.7, To = to } };

    // What the forward pass of a training removes: scores at or below the threshold.
    private static List<(int Weights, int Removed)> Live(PruningMethod method) =>
        [.. method.State!.parameters().Zip(method.State.buffers(), (scores, threshold) => (scores.data<float>().ToArray(), threshold.item<float>()))
            .Select(pair => (pair.Item1.Length, pair.Item1.Count(score => score <= pair.Item2)))];

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
