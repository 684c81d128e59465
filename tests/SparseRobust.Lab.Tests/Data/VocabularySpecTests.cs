using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Stages;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tests.Tokenizers;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Lab.Training;

namespace SparseRobust.Lab.Tests.Data;

public sealed class VocabularySpecTests : IDisposable
{
    private static readonly Vocabulary Words = new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "The", "the"]);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_file_is_an_uncased_vocabulary()
    {
        Words.Save(_data.File("words.txt"));
        var tokenizer = Load("words.txt");
        Assert.Equal((Words.Sha256, 6), (tokenizer.Sha256, Assert.Single(tokenizer.Tokenize("The"))));
    }

    [Theory]
    [InlineData("cased")]
    [InlineData("cased/tokenizer.json")]
    public void A_folder_or_its_tokenizer_json_brings_its_own_settings(string path)
    {
        new WordPiece(Words, lowerCase: false).Save(_data.File("cased"));
        Assert.Equal(5, Assert.Single(Load(path).Tokenize("The")));
        Assert.Equal(5, Assert.Single(Load(_data.File(path.Split('/'))).Tokenize("The")));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        var refusal = Assert.Throws<LabException>(() => Load("nowhere"));
        Assert.Equal(ProblemCode.DatasetMissing, refusal.Code);
        Assert.Contains("nowhere", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_byte_level_tokenizer_have_one_token_type_and_its_identity()
    {
        TinyBpe.Create().Save(_data.File("bpe"));
        var recipe = new RunRecipe
        {
            Task = new ShortcutNliTask { TrainRows = 600, EvaluationRows = 120 },
            Vocabulary = new FileVocabulary { Path = "bpe" },
            Paradigm = new FullModel { FineTuning = new TrainingSpec() },
        };
        using var materials = (LabelledMaterials)Materials.Load(recipe.Setup, new MaterialSources(new DatasetFolders([_data.Path]), new ModelSearch([]), Cache: null), CancellationToken.None);
        var row = materials.Train.Rows[0];
        var ids = new long[row.Length];
        materials.Train.Rows.CopyIds(0, ids);
        Assert.Equal(row.Length, row.FirstSegmentLength);
        Assert.Equal((0, 2, 4), (ids[0], ids[^1], ids.Count(id => id is 0 or 2)));
        Assert.Contains(TinyBpe.Create().Sha256, materials.Identities);
    }

    private Tokenizer Load(string path) => new FileVocabulary { Path = path }.Load(new ShortcutNliTask(), new VocabularySources(new DatasetFolders([_data.Path]), Cache: null, CancellationToken.None));
}
