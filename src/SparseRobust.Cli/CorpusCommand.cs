using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Cli;

/// <summary>corpus: tokenises a text corpus once, into a file that pre-training reads.</summary>
internal static class CorpusCommand
{
    public static Command Create()
    {
        var text = new Option<string>("--text") { Description = "The corpus: UTF-8, plain or gzipped, one paragraph a line, an empty line between documents.", Required = true };
        var vocabulary = new Option<string>("--vocabulary") { Description = "A BERT vocab.txt.", Required = true };
        var cased = new Option<bool>("--cased") { Description = "Keep upper case and accents." };
        var output = new Option<string>("--output") { Description = $"Folder that gets {CorpusTokens.FileName}; what fits already is left as it is.", Required = true };
        var length = SharedOptions.Count("--length", "Most tokens of an example, for the number of examples of an epoch.", 128, least: 5, most: 8192);
        var json = SharedOptions.Json();
        var command = new Command("corpus", "Tokenise a text corpus for pre-training, and say what it comes to.") { text, vocabulary, cased, output, length, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            RuntimeCheck.Print(warningsOnly: true);
            var tokenizer = new WordPiece(Vocabulary.Load(parse.GetValue(vocabulary)!), lowerCase: !parse.GetValue(cased));
            var clock = Stopwatch.StartNew();
            using var corpus = CorpusTokens.Make(Corpus.Of(parse.GetValue(text)!), tokenizer, parse.GetValue(output)!, cancellation);
            var seconds = clock.Elapsed.TotalSeconds;
            var report = CorpusReport.Of(corpus, parse.GetValue(length));
            if (parse.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(ForScripts(corpus, report, seconds), JsonLines.Options));
            else
                Print(corpus, report, seconds);
        }));
        return command;
    }

    private static object ForScripts(CorpusTokens corpus, CorpusReport report, double seconds) => new
    {
        Report = report, corpus.FileBytes, corpus.TextSha256, VocabularySha256 = corpus.Vocabulary.Sha256, corpus.Identity, corpus.WasMade, Seconds = seconds, corpus.Notes,
    };

    private static void Print(CorpusTokens corpus, CorpusReport report, double seconds)
    {
        foreach (var note in corpus.Notes)
            Console.Error.WriteLine($"NOTE: {note}");
        Say($"{report.Documents:N0} documents, {report.Sentences:N0} sentences, {report.Tokens:N0} tokens; {100.0 * report.UnknownTokens / report.Tokens:0.000} % of them [UNK]; {(double)report.Tokens / report.Words:0.000} pieces a word.");
        if (corpus.WasMade)
            Say($"Made in {seconds:0.0} s, {report.Tokens / seconds:N0} tokens/s; {corpus.FileBytes:N0} bytes.");
        else
            Say($"It was there: checked and opened in {seconds:0.0} s; {corpus.FileBytes:N0} bytes.");
        Say($"An epoch at {report.MaxLength}: {report.Examples:N0} examples of {(double)report.ExampleTokens / report.Examples:0.0} tokens, {100.0 * report.RandomPairs / report.Examples:0.0} % with a random second segment, of {report.TrainDocuments:N0} documents; {100.0 * report.LostTokens / report.TrainTokens:0.0} % of their tokens cut off, others in each epoch.");
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
