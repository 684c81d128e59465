using SparseRobust.Lab.Data;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Recipes;

/// <summary>Which objectives fit which tasks, and which teachers fit which recipes.</summary>
public class ObjectiveRulesTests
{
    private static readonly TrainingSpec CrossEntropy = new();
    private static readonly TrainingSpec Short = new() { NumTrainEpochs = 1 };
    private static readonly TrainingSpec Student = new() { Objective = new ConfidenceRegularizationSpec() };
    private static readonly TrainingSpec Debiased = new() { Objective = new ProductOfExpertsSpec() };
    private static readonly TrainingSpec Graded = new() { Objective = new MeanSquaredErrorSpec() };

    [Fact]
    public void A_loss_for_classes_is_refused_on_a_graded_task_in_every_training()
    {
        Assert.Equal(["$.paradigm.fine_tuning.objective", "$.paradigm.pruning_training.objective"], Paths(Pruned(CrossEntropy, Debiased) with { Task = new GradedTask() }));
        Assert.Empty(Paths(Pruned(Graded, Graded) with { Task = new GradedTask() }));
    }

    [Fact]
    public void A_loss_for_graded_rows_is_refused_on_a_task_with_classes_and_they_are_named()
    {
        var fault = Assert.Single(RecipeRules.Faults(Pruned(CrossEntropy, Graded)));
        Assert.Equal("$.paradigm.pruning_training.objective", fault.Path);
        Assert.Contains("contradiction, entailment, neutral", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_must_learn_what_its_task_has() =>
        Assert.Equal(["$.teacher.objective"], Paths(Dense(Student) with { Teacher = Graded }));

    [Fact]
    public void A_teacher_that_nobody_learns_from_may_be_any() => Assert.Empty(Paths(Dense(CrossEntropy) with { Teacher = Graded }));

    [Fact]
    public void A_teacher_with_a_teacher_is_refused() => Assert.Equal(["$.teacher.objective"], Paths(Dense(Student) with { Teacher = Student }));

    [Fact]
    public void A_teacher_may_be_debiased_itself() => Assert.Empty(Paths(Dense(Student) with { Teacher = Debiased }));

    [Fact]
    public void Any_teacher_stands_beside_any_fine_tuning_and_the_stages_have_names_of_their_own()
    {
        foreach (var fineTuning in new[] { CrossEntropy, Short, Debiased, Student })
            foreach (var teacher in new[] { CrossEntropy, Short, Debiased })
            {
                var recipe = Pruned(fineTuning, Student) with { Teacher = teacher };
                Assert.Empty(Paths(recipe));
                var names = recipe.Paradigm.Stages(recipe).Select(stage => stage.Name).ToList();
                Assert.Equal(names.Distinct(), names);
                Assert.Equal(fineTuning != teacher && fineTuning != Student, names.Contains("fine-tune teacher"));
            }
    }

    [Fact]
    public void What_the_teacher_is_trained_with_is_checked_too() =>
        Assert.Equal(["$.teacher.bf16"], RecipeRules.Faults(Dense(Student) with { Teacher = Short with { Bf16 = true } }, hasMixedPrecision: false).Select(fault => fault.Path));

    private static RunRecipe Dense(TrainingSpec training) => new() { Task = new ShortcutNliTask(), Paradigm = new FullModel { FineTuning = training } };

    private static RunRecipe Pruned(TrainingSpec fineTuning, TrainingSpec masks) => new()
    {
        Task = new ShortcutNliTask(),
        Paradigm = new AfterFineTuning { FineTuning = fineTuning, Pruning = new MaskTrainingSpec { Sparsity = 0.5 }, PruningTraining = masks },
    };

    private static IEnumerable<string> Paths(RunRecipe recipe) => RecipeRules.Faults(recipe).Select(fault => fault.Path);

    private sealed record GradedTask : LabelledTask
    {
        public override LabelSet Labels => LabelSet.Regression;

        public override IReadOnlyList<string>? BuiltInVocabulary => ["[PAD]"];

        internal override TaskData Load(DatasetFolders folders, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
