using SparseRobust.Lab.Data;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class XQuadTests
{
    [DataFact]
    public void Every_answer_that_ends_with_its_tokens_is_found_again_to_the_letter_from_perfect_logits()
    {
        var (set, tokenizer) = Load();
        Assert.Equal((1190, 0, set.PublishedQuestions), (set.Questions.Count, set.Broken.Count, 1190));
        foreach (var settings in new WindowSettings[] { new(), new() { MaxLength = 128, DocStride = 64 } })
        {
            var cut = QuestionWindows.Cut(set, tokenizer, settings, CancellationToken.None);
            Assert.Empty(cut.UnplacedAnswers);
            var parted = Enumerable.Range(0, set.Questions.Count).Count(i => !IsFoundAgain(set.Questions[i], cut.Of(i), tokenizer));
            Assert.Equal(1, parted); // One gold answer ends between the digits of a number that is one token.
        }
    }

    // False where the gold answer begins or ends inside a token, which is then given whole; anything else that is not exact fails.
    private static bool IsFoundAgain(Question question, IReadOnlyList<AnswerWindow> windows, WordPiece tokenizer)
    {
        var (gold, found) = (question.Answers[0], Answer(question, windows));
        if (found.Text == gold.Text)
            return true;
        var tokens = tokenizer.TokenizeWithOffsets(question.Context).Offsets;
        Assert.False(tokens.Any(token => token.Start == gold.Offsets.Start) && tokens.Any(token => token.End == gold.Offsets.End), gold.Text);
        Assert.Contains(gold.Text, found.Text, StringComparison.Ordinal);
        return false;
    }

    private static (QuestionSet Set, WordPiece Tokenizer) Load()
    {
        var folders = new DatasetFolders([.. Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")!.Split(Path.PathSeparator)]);
        return (Squad.XQuadEnglish(folders, CancellationToken.None), new WordPiece(Vocabulary.Load(folders.Find("the BERT vocabulary", "vocab/bert-base-uncased-vocab.txt"))));
    }

    // Logit 1 where the gold answer begins and ends in each window, 0 elsewhere.
    private static QuestionAnswer Answer(Question question, IReadOnlyList<AnswerWindow> windows)
    {
        var search = new AnswerSearch(question, new AnswerSettings { MaxAnswerLength = 64 });
        foreach (var window in windows)
        {
            var (start, end) = (new float[window.Encoding.Length], new float[window.Encoding.Length]);
            (start[window.Target.Start], end[window.Target.End]) = (1, 1);
            search.Add(window, start, end);
        }
        return search.Best();
    }
}
