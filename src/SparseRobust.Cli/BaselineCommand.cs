using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Evaluation;

namespace SparseRobust.Cli;

/// <summary>baseline: what the majority class of the dev labels scores on GLUE's tasks; trains nothing.</summary>
internal static class BaselineCommand
{
    public static Command Create()
    {
        var data = SharedOptions.Data();
        var json = SharedOptions.Json();
        var command = new Command("baseline", "Score the majority class of the dev labels on GLUE's tasks; trains nothing.") { data, json };
        command.SetAction(parse => Guard.Run(parse.GetValue(json), cancellation =>
        {
            var scores = FrequencyBaseline.OfGlue(DatasetFolders.FromEnvironment(parse.GetValue(data)!), cancellation);
            if (parse.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(scores.Select(ForScripts), JsonLines.Options));
            else
                foreach (var score in scores)
                    Console.WriteLine(Line(score));
        }));
        return command;
    }

    private static object ForScripts(FrequencyScore score) => new
    {
        score.Task, score.Dataset, score.Metric, score.Value, score.N, score.PublishedRows, score.Guess, Problem = score.Problem?.Code.ToString(), score.Problem?.Message,
    };

    private static string Line(FrequencyScore score) => score.Problem is { } problem
        ? $"{score.Task}: {problem.Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{score.Task}: {score.Metric} {score.Value:0.000} (n {score.N:N0} of {score.PublishedRows:N0}, {score.Dataset}), guessing {score.Guess}");
}
