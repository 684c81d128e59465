namespace SparseRobust.Lab.Pretraining;

/// <summary>What a corpus comes to as tokens and as examples of its first training pass.</summary>
/// <param name="Documents">Documents with any token.</param>
/// <param name="Sentences">Sentences with any token.</param>
/// <param name="Tokens">Tokens, without special ones.</param>
/// <param name="Words">Tokens that do not continue a word ("##...").</param>
/// <param name="UnknownTokens">Tokens that are [UNK].</param>
/// <param name="BrokenLines">Lines that were left out because they are not UTF-8.</param>
/// <param name="TrainDocuments">Documents that are trained on; the rest are for dev.</param>
/// <param name="MaxLength">Most tokens an example may have.</param>
/// <param name="Examples">Examples of the pass: seed 0, epoch 0, default <see cref="MaskingSpec"/>.</param>
/// <param name="ExampleTokens">Their tokens, special ones included.</param>
/// <param name="RandomPairs">Those whose second segment is random.</param>
/// <param name="LostTokens">Tokens of the training documents that the pass does not show, because pairs were too long and were cut.</param>
/// <param name="TrainTokens">Tokens of the training documents.</param>
public sealed record CorpusReport(
    int Documents, int Sentences, long Tokens, long Words, long UnknownTokens, int BrokenLines, int TrainDocuments, int MaxLength, int Examples, long ExampleTokens, int RandomPairs, long LostTokens, long TrainTokens)
{
    private const int Block = 1 << 14;

    /// <summary>Reads a corpus once and packs one pass.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="maxLength">Most tokens an example may have, special ones included; at least 5.</param>
    /// <exception cref="Errors.LabException">DatasetInvalid: fewer than two documents are trained on.</exception>
    public static CorpusReport Of(CorpusTokens corpus, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var (words, unknown) = Count(corpus);
        var examples = PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Train, maxLength, Seed: 0, Epoch: 0), new MaskingSpec());
        return new CorpusReport(
            corpus.Documents, corpus.Sentences, corpus.Tokens, words, unknown, corpus.BrokenLines, examples.Documents, maxLength, examples.Count,
            examples.Sum(row => (long)row.Length), examples.RandomPairs, examples.LostTokens, examples.TextTokens);
    }

    private static (long Words, long Unknown) Count(CorpusTokens corpus)
    {
        bool[] continues = [.. corpus.Vocabulary.Tokens.Select(token => token.StartsWith("##", StringComparison.Ordinal))];
        var block = new long[Block];
        var (words, unknown) = (0L, 0L);
        for (var start = 0L; start < corpus.Tokens; start += Block)
        {
            var ids = block.AsSpan(0, (int)Math.Min(Block, corpus.Tokens - start));
            corpus.CopyIds(start, ids);
            foreach (var id in ids)
            {
                words += continues[id] ? 0 : 1;
                unknown += id == corpus.Vocabulary.UnknownId ? 1 : 0;
            }
        }
        return (words, unknown);
    }
}
