using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Data;

public sealed class TokenKeyTests
{
    [Fact]
    public void Each_ingredient_changes_the_key()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        string[] keys =
        [
            TokenKey.Of(dataset, encoder),
            TokenKey.Of(dataset with { Sha256 = "5b" }, encoder),
            TokenKey.Of(dataset, encoder with { MaxLength = 65 }),
            TokenKey.Of(dataset, encoder with { Truncation = Truncation.Refuse }),
            TokenKey.Of(dataset, encoder with { Tokenizer = TokenSamples.OfWords(20) }),
            TokenKey.Of(dataset, encoder with { Tokenizer = new WordPiece(TokenSamples.Tokenizer.Vocabulary, lowerCase: false) }),
            // A recipe's part of the same file, and a loader that reads other texts from it.
            TokenKey.Of(dataset with { Examples = [.. dataset.Examples.Take(5)] }, encoder),
            TokenKey.Of(dataset with { Examples = [.. dataset.Examples.Reverse()] }, encoder),
            TokenKey.Of(dataset with { Examples = [dataset.Examples[0] with { SecondText = "w8" }, .. dataset.Examples.Skip(1)] }, encoder),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key));
    }

    [Fact]
    public void What_ids_do_not_depend_on_leaves_the_key_alone()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        var relabelled = dataset with { Name = "other", Split = "train", SourcePath = "elsewhere.tsv", Examples = [.. dataset.Examples.Select(example => example with { Id = "x", Label = 0 })] };
        Assert.Equal(TokenKey.Of(dataset, encoder), TokenKey.Of(relabelled, TokenSamples.Encoder() with { Tokenizer = TokenSamples.OfWords(19) }));
    }

    // An empty second text has a [SEP] that no second text has not; words that move between the texts move it.
    [Fact]
    public void Where_a_text_ends_is_part_of_the_key()
    {
        var keys = new[] { TokenSamples.Of(("w5 w6", null)), TokenSamples.Of(("w5 w6", "")), TokenSamples.Of(("w5", " w6")), TokenSamples.Of(("w5 w6", null), ("", null)), TokenSamples.Of(("w5", null), (" w6", null)) }
            .Select(dataset => TokenKey.Of(dataset, TokenSamples.Encoder()));
        Assert.Equal(5, keys.Distinct().Count());
    }

    // Computed in Python with hashlib from the description: texts as int32 length and UTF-16, the vocabulary one token a line, the lines of the key joined by line feeds.
    // Another key makes every cache anew, which is right only when ids or format change.
    [Fact]
    public void The_key_of_a_fixed_dataset_is_pinned() =>
        Assert.Equal("3f354109144a51d1e200a69550de44c2155059388bb78ba596fd292a50e57a4c", TokenKey.Of(TokenSamples.Of(("w5 w6", "w7")), TokenSamples.Encoder()));
}
