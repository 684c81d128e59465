using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Stages;

/// <summary>An output folder whose models/tiny is a BERT of 2 x 16 with the heads of pre-training and the words of Shortcut-NLI.</summary>
internal sealed class TinyPretrained : IDisposable
{
    public const string Name = "tiny";

    private static readonly BertSpec Spec = new() { HiddenSize = 16, IntermediateSize = 32, MaxPositionEmbeddings = 64, InitializerRange = 0.2 };

    private readonly TemporaryFolder _root = new();

    public TinyPretrained() => Write(seed: 9);

    public static WordPiece Words { get; } = new(new Vocabulary(new ShortcutNliTask().BuiltInVocabulary!));

    public string Root => _root.Path;

    public string Folder => Path.Combine(Root, "models", Name);

    public string File(string name) => Path.Combine(Folder, name);

    public void Write(long seed)
    {
        manual_seed(seed);
        using var model = new BertForPreTraining(Spec, Words.Count);
        ModelFolder.Save(Folder, model, Words);
    }

    public void EditConfig(string from, string to)
    {
        var text = System.IO.File.ReadAllText(File(ModelFolder.ConfigFile));
        Assert.Contains(from, text, StringComparison.Ordinal);
        System.IO.File.WriteAllText(File(ModelFolder.ConfigFile), text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>A tiny recipe that starts from it.</summary>
    public static RunRecipe Recipe(ParadigmSpec paradigm) => TinyRuns.Recipe(paradigm) with { Model = new PretrainedSpec { Name = Name } };

    public string OutputOf(RunResult result, string stage) => Path.Combine(Root, "stages", result.Stages.Single(made => made.Name == stage).Hash);

    public void Dispose() => _root.Dispose();
}
