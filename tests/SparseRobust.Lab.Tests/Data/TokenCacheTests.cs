using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Data;

public sealed class TokenCacheTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    private TokenCache Cache => new(_root.Path);

    private string Folder => _root.File("cache", "tokens");

    private string OnlyFile => Assert.Single(Directory.GetFiles(Folder));

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_dataset_of_a_file_is_the_same_from_the_cache_as_from_the_tokenizer()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        using var direct = EncodedDataset.Encode(EvaluationSet.SameLabels(dataset), encoder, cache: null, CancellationToken.None);
        Assert.False(Directory.Exists(Folder));
        foreach (var attempt in new[] { "made", "found" })
        {
            using var cached = EncodedDataset.Encode(EvaluationSet.SameLabels(dataset), encoder, Cache, CancellationToken.None);
            Assert.True(cached.Rows is MappedTokens, attempt);
            TokenSamples.AssertEncodes(dataset, encoder, cached.Rows);
            Assert.Equal((direct.Count, direct.TruncatedRows, direct.MaxLength), (cached.Count, cached.TruncatedRows, cached.MaxLength));
            Assert.Equal(1, cached.TruncatedRows);
        }
        Assert.Equal($"{TokenKey.Of(dataset, encoder)}.tokens", Path.GetFileName(OnlyFile));
    }

    // A file with other ids than the tokenizer gives, under the right key: if they come back, nobody tokenised.
    [Fact]
    public void What_is_in_the_cache_is_not_tokenised_again()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        var others = Enumerable.Range(0, dataset.Examples.Count).Select(i => new Encoding([2, 5 + i, 3], 3, i)).ToList();
        Cache.Rows(dataset, encoder, CancellationToken.None).Dispose();
        TokenFile.Write(OnlyFile, TokenSamples.LayoutOf(dataset, encoder), others);
        using var rows = Cache.Rows(dataset, encoder, CancellationToken.None);
        TokenSamples.AssertSame(others, rows);
    }

    [Fact]
    public void Generated_data_is_not_cached()
    {
        using var data = EncodedDataset.Encode(EvaluationSet.SameLabels(TokenSamples.Mixed with { SourcePath = null }), TokenSamples.Encoder(), Cache, CancellationToken.None);
        TokenSamples.AssertEncodes(TokenSamples.Mixed, TokenSamples.Encoder(), data.Rows);
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void A_row_over_the_maximum_is_refused_by_name_and_leaves_no_file()
    {
        var encoder = TokenSamples.Encoder(maxLength: 64, Truncation.Refuse);
        var refusal = Assert.Throws<LabException>(() => Cache.Rows(TokenSamples.Mixed, encoder, CancellationToken.None));
        Assert.Equal(ProblemCode.InputTooLong, refusal.Code);
        Assert.Contains("sample dev, row \"row 8\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("93 tokens", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void A_cancelled_tokenising_leaves_no_file()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => Cache.Rows(TokenSamples.Mixed, TokenSamples.Encoder(), cancel.Token));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void A_deleted_cache_is_made_again_while_what_is_mapped_stays_readable()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        using var before = Cache.Rows(dataset, encoder, CancellationToken.None);
        Directory.Delete(_root.File("cache"), recursive: true);
        using var after = Cache.Rows(dataset, encoder, CancellationToken.None);
        TokenSamples.AssertEncodes(dataset, encoder, before);
        TokenSamples.AssertEncodes(dataset, encoder, after);
        Assert.True(File.Exists(OnlyFile));
    }

    [Fact]
    public void A_damaged_file_is_made_again_and_noted_once()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        Cache.Rows(dataset, encoder, CancellationToken.None).Dispose();
        var whole = File.ReadAllBytes(OnlyFile);
        var damaged = whole.ToArray();
        damaged[70] ^= 1;
        File.WriteAllBytes(OnlyFile, damaged);
        var cache = Cache;
        using var rows = cache.Rows(dataset, encoder, CancellationToken.None);
        TokenSamples.AssertEncodes(dataset, encoder, rows);
        Assert.Equal(whole, File.ReadAllBytes(OnlyFile));
        var note = Assert.Single(cache.TakeNotes());
        Assert.Contains(OnlyFile, note, StringComparison.Ordinal);
        Assert.Contains("checksum is wrong", note, StringComparison.Ordinal);
        Assert.Empty(cache.TakeNotes());
    }

    [Fact]
    public async Task Several_may_make_the_same_file_at_once()
    {
        var (dataset, encoder) = (TokenSamples.Mixed, TokenSamples.Encoder());
        using var together = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < 5; round++)
                {
                    together.SignalAndWait();
                    using var rows = Cache.Rows(dataset, encoder, CancellationToken.None);
                    TokenSamples.AssertEncodes(dataset, encoder, rows);
                    together.SignalAndWait();
                    File.Delete(Path.Combine(Folder, $"{TokenKey.Of(dataset, encoder)}.tokens"));
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void What_a_killed_process_was_writing_goes_after_a_day_and_no_sooner()
    {
        Directory.CreateDirectory(Folder);
        var (old, recent) = (Path.Combine(Folder, ".writing-old"), Path.Combine(Folder, ".writing-recent"));
        File.WriteAllText(old, "");
        File.WriteAllText(recent, "");
        File.SetLastWriteTimeUtc(old, File.GetLastWriteTimeUtc(recent).AddHours(-25));
        File.SetLastWriteTimeUtc(recent, File.GetLastWriteTimeUtc(recent).AddHours(-23));
        Cache.Rows(TokenSamples.Mixed, TokenSamples.Encoder(), CancellationToken.None).Dispose();
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(recent));
    }

    [DataFact]
    public void Real_rows_are_the_same_from_the_cache_as_from_the_tokenizer()
    {
        var folders = DatasetFolders.FromEnvironment([]);
        var encoder = TokenSamples.Encoder(maxLength: 64) with { Tokenizer = new WordPiece(Vocabulary.Load(folders.Find("the vocabulary", FileVocabulary.BertBaseUncased))) };
        var dataset = Mnli.DevMatched.Load(folders, CancellationToken.None);
        using var rows = Cache.Rows(dataset, encoder, CancellationToken.None);
        TokenSamples.AssertEncodes(dataset, encoder, rows);
        Assert.Contains(rows, row => row.TruncatedTokens > 0);
    }

    [TinyDiskFact]
    public void A_full_disk_is_named_and_leaves_no_file()
    {
        using var disk = new TinyDisk();
        var dataset = TokenSamples.Of([.. Enumerable.Repeat(("w5 w6 w7 w8", (string?)"w9 w10"), 4_000)]);
        var refusal = Assert.Throws<LabException>(() => new TokenCache(disk.Path).Rows(dataset, TokenSamples.Encoder(), CancellationToken.None));
        Assert.Equal(ProblemCode.StorageFull, refusal.Code);
        Assert.Empty(Directory.GetFiles(disk.Path, "*", SearchOption.AllDirectories));
    }
}
