using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Stages;

/// <summary>The text of a pre-training as ids.</summary>
internal sealed class CorpusMaterials : Materials
{
    private readonly Corpus _text;
    private IReadOnlyList<string> _notes;

    private CorpusMaterials(Setup setup, InitialModel start, Corpus text, (CorpusTokens Tokens, WordPiece Tokenizer) made)
        : base(setup, start, made.Tokenizer)
    {
        Task = (PretrainingTask)setup.Task;
        Tokens = made.Tokens;
        _text = text;
        _notes = made.Tokens.Notes;
    }

    public PretrainingTask Task { get; }

    public CorpusTokens Tokens { get; }

    /// <summary>The file's name without its extensions.</summary>
    public string Name => Path.GetFileName(_text.Path).Split('.')[0];

    public override DataIdentity Identity => new(Identities, Tokens.Documents, [_text.Path, .. ModelFiles]);

    public override IReadOnlyList<DatasetUse> Uses => [Use("train", CorpusPart.Train), Use("dev", CorpusPart.Dev)];

    protected override IReadOnlyList<string> DataIdentities => [Tokens.Identity];

    public static CorpusMaterials Load(Setup setup, PretrainingTask task, MaterialSources sources, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sources.Cache);
        var start = InitialModel.Of(setup, sources.Models);
        var text = Corpus.Of(sources.Data.Find("The text corpus", task.Corpus));
        var tokenizer = start.LoadTokenizer(setup, sources.OfVocabulary(cancellation)) as WordPiece
            ?? throw new LabException(ProblemCode.RecipeInvalid, "BERT is pre-trained on WordPiece, and this is another kind of tokenizer. Name a vocab.txt, or learn one (sparserobust vocabulary).");
        return new CorpusMaterials(setup, start, text, (CorpusTokens.Cached(text, tokenizer, sources.Cache.Root, cancellation), tokenizer));
    }

    public override IReadOnlyList<string> TakeNotes()
    {
        var notes = _notes;
        _notes = [];
        return notes;
    }

    public override void Dispose() => Tokens.Dispose();

    private DatasetUse Use(string split, CorpusPart part)
    {
        var documents = new PretrainingPass(part, Setup.MaxLength, Seed: 0, Epoch: 0) { DevEvery = Task.DevEvery }.DocumentsOf(Tokens);
        return new DatasetUse(Name, split, Tokens.Identity, documents.Length, PublishedRows: null, Tokens.BrokenLines, TruncatedRows: 0, MajorityShare: 1) { IsGraded = true };
    }
}
