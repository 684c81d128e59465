using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Recipes;

/// <summary>What a well-typed recipe must still satisfy: ranges of single fields and combinations that cannot work.</summary>
public static class RecipeRules
{
    /// <summary>All faults of a recipe; empty when it can run.</summary>
    public static IReadOnlyList<Fault> Faults(RunRecipe recipe) => Faults(recipe, Engine.HasMixedPrecision);

    /// <summary>As the other, for a tensor library with or without mixed precision.</summary>
    internal static IReadOnlyList<Fault> Faults(RunRecipe recipe, bool hasMixedPrecision)
    {
        var faults = new List<Fault>();
        Ranges(recipe, "$", faults);
        Combinations(recipe, faults);
        if (recipe.Task is LabelledTask task)
            Objectives(recipe, task.Labels, faults);
        Pretraining(recipe, faults);
        faults.AddRange(recipe.Paradigm.Faults(trainingRows: null));
        if (!hasMixedPrecision)
            MixedPrecision(recipe, faults);
        return faults;
    }

    private static void MixedPrecision(RunRecipe recipe, List<Fault> faults)
    {
        var trainings = Trainings(recipe).Select(entry => (entry.Path, Training: (OptimizationSpec)entry.Training));
        if (recipe.Paradigm.Parts.Pretraining is { } pretraining)
            trainings = trainings.Append(("$.paradigm.pretraining", pretraining));
        foreach (var (path, training) in trainings)
            if (training.Bf16)
                faults.Add(new Fault($"{path}.bf16", "true needs autocast, which TorchSharp lacks. Leave it out, or build without -p:TorchSharpPackage."));
    }

    private static void Ranges(object value, string path, List<Fault> faults)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is not null || property.GetIndexParameters().Length > 0)
                continue;
            var field = $"{path}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}";
            var inner = property.GetValue(value);
            if (inner is double number && !double.IsFinite(number))
                faults.Add(new Fault(field, $"{number} is not a finite number."));
            else if (property.GetCustomAttribute<RangeAttribute>() is { } range && inner is not null && !range.IsValid(inner))
                faults.Add(new Fault(field, string.Create(CultureInfo.InvariantCulture, $"{inner} is out of range; it must lie between {range.Minimum} and {range.Maximum}.")));
            if (inner is not null and not string and not IEnumerable && inner.GetType().Namespace?.StartsWith("SparseRobust.Lab", StringComparison.Ordinal) == true && !inner.GetType().IsEnum)
                Ranges(inner, field, faults);
        }
    }

    private static void Combinations(RunRecipe recipe, List<Fault> faults)
    {
        if (recipe.Model.Fault is { } unfit)
            faults.Add(new Fault($"$.model.{unfit.Field}", unfit.Problem));
        if (recipe.MaxLength > recipe.Model.MaxInputLength)
            faults.Add(new Fault("$.max_length", $"{recipe.MaxLength} is more than the {recipe.Model.MaxInputLength} tokens that the model's max_position_embeddings has room for."));
        if (!recipe.Model.IsPrunable && recipe.Paradigm.Parts.Pruning is not null)
            faults.Add(new Fault("$.paradigm.pruning", "removes weights of an encoder, and this model has none. Use {\"kind\": \"full-model\"}, or {\"kind\": \"bert\"} or {\"kind\": \"roberta\"} as the model."));
        if (recipe.Model.BringsVocabulary && recipe.Vocabulary is not TaskVocabulary)
            faults.Add(new Fault("$.vocabulary", "must be left out: a pre-trained model comes with its own."));
        if (!recipe.Model.BringsVocabulary && recipe.Vocabulary is TaskVocabulary && recipe.Task.BuiltInVocabulary is null)
            faults.Add(new Fault("$.vocabulary", "this task brings no vocabulary; name a vocab.txt: {\"kind\": \"file\", \"path\": \"...\"}."));
        if (recipe.Vocabulary is LearnedVocabulary && recipe.Task is LabelledTask)
            faults.Add(new Fault("$.vocabulary", "is learned from the text of a pre-training, and this task has labelled rows; name a file."));
        if (recipe.Bias is OverlapBiasSpec { Folds: 1 } or ClaimOnlyBiasSpec { Folds: 1 })
            faults.Add(new Fault("$.bias.folds", "1 leaves nothing to fit on; give 0 (in-sample) or at least 2."));
        foreach (var (path, _) in Trainings(recipe).Where(entry => recipe.Task.TrainsOnMixture && entry.Training.Objective.Needs.HasFlag(Needs.BiasLogProbs)))
            faults.Add(new Fault($"{path}.objective", "needs a bias model, and there is none for a training set mixed with out-of-distribution data; use cross-entropy, or leave task.train_on_out_of_distribution out."));
        foreach (var (field, training) in new[] { ("pruning_training", recipe.Paradigm.Parts.PruningTraining), ("retraining", recipe.Paradigm.Parts.Retraining) })
            if (training is { KeepEverySteps: > 0 })
                faults.Add(new Fault($"$.paradigm.{field}.keep_every_steps", "keeps weights that nothing starts from: searches start from those of a fine-tuning. Leave it out."));
        Pruning(recipe.Paradigm.Parts, faults);
    }

    private static void Pruning(ParadigmParts parts, List<Fault> faults)
    {
        if (parts.Pruning?.Fault is { } unfit)
            faults.Add(new Fault($"$.paradigm.pruning.{unfit.Field}", unfit.Problem));
        if (parts is { Pruning.NeedsTraining: true, PruningTraining: null })
            faults.Add(new Fault("$.paradigm.pruning_training", "is missing; this pruning method learns, so it needs a training."));
        if (parts is not { Pruning.RestartsSchedule: true, PruningTraining: { } training })
            return;
        if (training.WarmupSteps != 0)
            faults.Add(new Fault("$.paradigm.pruning_training.warmup_steps", "must be 0: after every prune this method begins again at the peak of the learning rate, without a warm-up."));
        if (training.SelectFrom != 0)
            faults.Add(new Fault("$.paradigm.pruning_training.select_from", "must be 0: of every level this method takes what is there at its end, so no checkpoint is chosen."));
    }

    // Every training the recipe asks for, the teacher's only where somebody learns from it.
    private static List<(string Path, TrainingSpec Training)> Trainings(RunRecipe recipe)
    {
        var parts = recipe.Paradigm.Parts;
        var trainings = new List<(string, TrainingSpec)>();
        if (parts.FineTuning is { } fineTuning)
            trainings.Add(("$.paradigm.fine_tuning", fineTuning));
        if (parts.PruningTraining is { } pruningTraining)
            trainings.Add(("$.paradigm.pruning_training", pruningTraining));
        if (parts.Retraining is { } retraining)
            trainings.Add(("$.paradigm.retraining", retraining));
        if (trainings.Exists(entry => entry.Item2.Objective.Needs.HasFlag(Needs.TeacherLogProbs)))
            trainings.Add(("$.teacher", recipe.Teacher));
        return trainings;
    }

    private static void Pretraining(RunRecipe recipe, List<Fault> faults)
    {
        var pretraining = recipe.Paradigm.Parts.Pretraining;
        if (recipe.Task is LabelledTask != pretraining is null)
            faults.Add(new Fault("$.paradigm", pretraining is null
                ? "needs labelled rows, and this task is a text. Use {\"kind\": \"pretraining-only\"}, or another task."
                : "reads a text, and this task has labelled rows. Use {\"kind\": \"pretraining\", \"corpus\": \"...\"} as the task, or another paradigm."));
        if (pretraining is null)
            return;
        if (!recipe.Model.CanPretrain)
            faults.Add(new Fault("$.model", "has no heads for masked tokens and next sentences; use {\"kind\": \"bert\"}."));
        if (recipe.MaxLength < PretrainingExamples.ShortestMaxLength)
            faults.Add(new Fault("$.max_length", $"{recipe.MaxLength} leaves no room for two segments; give at least {PretrainingExamples.ShortestMaxLength}."));
        if (pretraining.ShortSequenceLength is > 0 and var length && (length < PretrainingExamples.ShortestMaxLength || length > recipe.MaxLength))
            faults.Add(new Fault("$.paradigm.pretraining.short_sequence_length", $"{length} is not between {PretrainingExamples.ShortestMaxLength} and max_length {recipe.MaxLength}; 0 means that there are no short examples."));
    }

    private static void Objectives(RunRecipe recipe, LabelSet labels, List<Fault> faults)
    {
        foreach (var (path, training) in Trainings(recipe))
            if (training.Objective.Needs.HasFlag(Needs.Targets) != labels.IsRegression)
                faults.Add(new Fault($"{path}.objective", labels.IsRegression
                    ? "is a loss for classes, and this task is graded: its rows have a number each. Use {\"kind\": \"mean-squared-error\"}."
                    : $"is a loss for graded rows, and this task has classes: {string.Join(", ", labels.Names)}. Use cross-entropy or another loss for classes."));
        if (recipe.Teacher.Objective.Needs.HasFlag(Needs.TeacherLogProbs))
            faults.Add(new Fault("$.teacher.objective", "needs a teacher itself; a teacher learns from the labels, as with {\"kind\": \"cross-entropy\"}."));
    }
}
