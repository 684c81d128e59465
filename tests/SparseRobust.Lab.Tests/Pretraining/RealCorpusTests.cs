using SparseRobust.Lab.Data;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Pretraining;

/// <summary>The English Wikipedia of 2015 at hand: 15,526 documents and 41.7 million words, counted with other tools.</summary>
public sealed class RealCorpusTests : IDisposable
{
    private const string Wikipedia = "text_corpus/enwiki2015_subset.txt.gz";

    private readonly TemporaryFolder _folder = new();

    private static DatasetFolders Folders => DatasetFolders.FromEnvironment([]);

    public void Dispose() => _folder.Dispose();

    [DataFact]
    public void Wikipedia_has_15526_documents_and_41_7_million_words()
    {
        using var reader = CorpusReader.Open(Corpus.Of(Folders.Find("Wikipedia", Wikipedia)), CancellationToken.None);
        var (documents, words) = (0, 0L);
        for (var paragraphs = new List<string>(); reader.Read(paragraphs); documents++)
            words += paragraphs.Sum(paragraph => paragraph.Count(character => character == ' ') + 1);
        Assert.Equal((15_526, 0), (documents, reader.BrokenLines));
        Assert.InRange(words, 41_000_000, 42_500_000);
    }

    // Sentences of English prose have 20 to 30 tokens, words a little over one piece, and the cased text is known to the vocabulary but for foreign scripts.
    [DataFact]
    public void The_first_400_documents_have_the_sentences_and_pieces_of_English_prose()
    {
        using (var reader = CorpusReader.Open(Corpus.Of(Folders.Find("Wikipedia", Wikipedia)), CancellationToken.None))
        using (var text = new StreamWriter(_folder.File("first.txt")))
            for (var (paragraphs, documents) = (new List<string>(), 0); documents < 400 && reader.Read(paragraphs); documents++)
                text.Write(string.Join('\n', paragraphs) + "\n\n");
        var tokenizer = new WordPiece(Vocabulary.Load(Folders.Find("the BERT vocabulary", FileVocabulary.BertBaseUncased)));
        using var corpus = CorpusTokens.Make(Corpus.Of(_folder.File("first.txt")), tokenizer, _folder.Path, CancellationToken.None);
        var report = CorpusReport.Of(corpus, maxLength: 128);
        Assert.Equal((400, 396), (report.Documents, report.TrainDocuments));
        Assert.InRange((double)report.Tokens / report.Sentences, 20, 32);
        Assert.InRange((double)report.Tokens / report.Words, 1.05, 1.2);
        Assert.InRange((double)report.UnknownTokens / report.Tokens, 0, 0.003);
        Assert.InRange((double)report.RandomPairs / report.Examples, 0.5, 0.58);
        Assert.InRange((double)report.LostTokens / report.TrainTokens, 0.01, 0.15);
        Assert.InRange((double)report.ExampleTokens / report.Examples, 100, 128);
    }
}
