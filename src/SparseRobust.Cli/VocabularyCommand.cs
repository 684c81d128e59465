using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Cli;

/// <summary>vocabulary: learns a WordPiece vocabulary from a text file.</summary>
internal static class VocabularyCommand
{
    private const int LinesBetweenReports = 200_000;

    public static Command Create()
    {
        var corpus = new Option<string>("--corpus") { Description = "Text file, one paragraph a line, UTF-8, plain or gzip.", Required = true };
        var size = SharedOptions.Count("--size", "Most tokens, special ones included.", 8192, least: 6);
        var output = new Option<string>("--output") { Description = "vocab.txt to write, or a folder for it and the other files of a tokenizer.", Required = true };
        var cased = new Option<bool>("--cased") { Description = "Keep case and accents." };
        var alphabet = SharedOptions.Count("--alphabet", "Most characters kept, the most frequent.", 1000);
        var frequency = SharedOptions.Count("--min-frequency", "How often a pair of pieces must occur to become one.", 2);
        var json = SharedOptions.Json();
        var command = new Command("vocabulary", "Learn a WordPiece vocabulary from a text and say how it cuts that text up.") { corpus, size, output, cased, alphabet, frequency, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var trainer = new WordPieceTrainer(parse.GetValue(size), lowerCase: !parse.GetValue(cased)) { AlphabetLimit = parse.GetValue(alphabet), LeastFrequency = parse.GetValue(frequency) };
            var progress = new Lines(parse.GetValue(size), quiet: parse.GetValue(json));
            foreach (var (number, line) in TextLines.Read(parse.GetValue(corpus)!, cancellation).Index())
            {
                trainer.Read(line);
                if ((number + 1) % LinesBetweenReports == 0)
                    progress.Read(number + 1, trainer);
            }
            var vocabulary = trainer.Train(progress, cancellation);
            Save(parse.GetValue(output)!, new WordPiece(vocabulary, lowerCase: !parse.GetValue(cased)));
            Print(parse.GetValue(output)!, vocabulary, trainer, progress.Seconds, parse.GetValue(json));
        }));
        return command;
    }

    private static void Save(string output, WordPiece tokenizer)
    {
        if (output.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
            tokenizer.Vocabulary.Save(output);
        else
            tokenizer.Save(output);
    }

    private static void Print(string path, Vocabulary vocabulary, WordPieceTrainer trainer, double seconds, bool json)
    {
        var coverage = trainer.Coverage(vocabulary);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                path, vocabulary.Count, vocabulary.Sha256, coverage.Words, trainer.DistinctWords, coverage.Pieces, coverage.PiecesPerWord, coverage.UnknownWords, coverage.UnknownShare, WallSeconds = seconds,
            }, JsonLines.Options));
        else
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {path}: {vocabulary.Count:N0} tokens, SHA-256 {vocabulary.Sha256}, in {seconds:0.0} s
                on the text itself ({coverage.Words:N0} words with punctuation, {trainer.DistinctWords:N0} different): {coverage.PiecesPerWord:0.000} pieces per word, [UNK] {100 * coverage.UnknownShare:0.000} % of the words
                """));
    }

    private sealed class Lines(int size, bool quiet) : IProgress<int>
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

        public void Read(int lines, WordPieceTrainer trainer) => Write($"read {lines:N0} lines, {trainer.Words:N0} words, {trainer.DistinctWords:N0} different");

        public void Report(int value) => Write($"learned {value:N0} of {size:N0} tokens");

        private void Write(FormattableString text)
        {
            if (!quiet)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Seconds,7:0.0} s  {FormattableString.Invariant(text)}"));
        }
    }
}
