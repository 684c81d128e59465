using System.Security.Cryptography;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

public sealed class VocabularyTests : IDisposable
{
    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Ids_are_the_places_of_the_tokens()
    {
        var vocabulary = new Vocabulary([.. Special, "the", "##s"]);
        Assert.Equal([0, 1, 2, 3, 4], [vocabulary.PadId, vocabulary.UnknownId, vocabulary.ClsId, vocabulary.SepId, vocabulary.MaskId]);
        Assert.Equal((5, 6, -1), (vocabulary.IndexOf("the"), vocabulary.IndexOf("##s"), vocabulary.IndexOf("s")));
    }

    [Fact]
    public void A_saved_vocabulary_is_read_back_with_the_same_hash_which_is_the_hash_of_the_file()
    {
        var vocabulary = new Vocabulary([.. Special, "é", "##😀"]);
        vocabulary.Save(_file);
        var read = Vocabulary.Load(_file);
        Assert.Equal(vocabulary.Tokens, read.Tokens);
        Assert.Equal(vocabulary.Sha256, read.Sha256);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_file))), read.Sha256);
    }

    [Fact]
    public void A_byte_order_mark_and_carriage_returns_change_nothing()
    {
        File.WriteAllText(_file, string.Join("\r\n", Special), new System.Text.UTF8Encoding(true));
        Assert.Equal(new Vocabulary(Special).Sha256, Vocabulary.Load(_file).Sha256);
    }

    [Theory]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\n", "[MASK]")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nthe\n", "\"the\" twice, as 5 and as 6")]
    [InlineData("[PAD]\n[UNK]\n\n[CLS]\n[SEP]\n[MASK]\n", "line 3")]
    [InlineData("", "[PAD]")]
    public void A_vocabulary_that_cannot_work_is_refused_by_token_and_file(string content, string named)
    {
        File.WriteAllText(_file, content);
        var refusal = Assert.Throws<LabException>(() => Vocabulary.Load(_file));
        Assert.Equal(ProblemCode.TokenizerInvalid, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_text_is_refused()
    {
        File.WriteAllBytes(_file, [0xFF, 0xFE, 0x00, 0xD8]);
        Assert.Equal(ProblemCode.TokenizerInvalid, Assert.Throws<LabException>(() => Vocabulary.Load(_file)).Code);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var refusal = Assert.Throws<LabException>(() => Vocabulary.Load(_file));
        Assert.Equal(ProblemCode.ArtifactMissing, refusal.Code);
        Assert.Contains(_file, refusal.Message, StringComparison.Ordinal);
    }
}
