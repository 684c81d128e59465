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
        var cut = QuestionWindows.Cut(set, tokenizer, new WindowSettings(), CancellationToken.None);
        Assert.Empty(cut.UnplacedAnswers);
        var (exact, within) = (0, new List<string>());
        for (var i = 0; i < set.Questions.Count; i++)
        {
            var gold = set.Questions[i].Answers[0];
            var found = Answer(set.Questions[i], cut.Of(i)).Candidates[0];
            if (found.Text == gold.Text)
                exact++;
            else
            {
                // Only where the answer begins or ends inside a token, which is then given whole.
                var tokens = tokenizer.TokenizeWithOffsets(set.Questions[i].Context).Offsets;
                Assert.False(tokens.Any(token => token.Start == gold.Offsets.Start) && tokens.Any(token => token.End == gold.Offsets.End), gold.Text);
                Assert.True(found.Offsets!.Value.Start <= gold.Offsets.Start && gold.Offsets.End <= found.Offsets.Value.End, gold.Text);
                within.Add($"{set.Questions[i].Id}: \"{gold.Text}\" in \"{found.Text}\"");
            }
        }
        Assert.Equal("", string.Join('\n', within));
        Assert.Equal(1190, exact);
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
