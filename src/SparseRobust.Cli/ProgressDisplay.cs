using System.Globalization;
using SparseRobust.Lab.Runs;
using Spectre.Console;

namespace SparseRobust.Cli;

/// <summary>Shows a run to a person: a progress bar on a terminal, plain lines elsewhere.</summary>
internal sealed class ProgressDisplay : IRunObserver
{
    private readonly ProgressContext? _context;
    private readonly Dictionary<string, ProgressTask> _bars = [];
    private (string Stage, double Value) _loss = ("", double.NaN);

    private ProgressDisplay(ProgressContext? context) => _context = context;

    public static T Run<T>(string title, Func<IRunObserver, T> run)
    {
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(title);
            return run(new ProgressDisplay(null));
        }
        AnsiConsole.MarkupLineInterpolated($"[bold]{title}[/]");
        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => run(new ProgressDisplay(context)));
    }

    public void On(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case StageStarted started when started.TotalSteps > 0:
                if (started.FromStep > 0)
                    Line($"  {started.Stage} {started.StageHash}: resumes at step {started.FromStep} of {started.TotalSteps}");
                break;
            case StepMeasured measured:
                Advance(measured);
                break;
            case Evaluated evaluated:
                Line($"  {evaluated.Stage}{(evaluated.Step > 0 ? $" step {evaluated.Step}" : "")}: {Scores(evaluated)}");
                break;
            case StageReused reused:
                Line($"  {reused.Stage} {reused.StageHash}: reused");
                break;
            case StageFinished finished:
                Line(string.Create(CultureInfo.InvariantCulture, $"  {finished.Stage} {finished.StageHash}: done in {finished.WallSeconds:0.0} s"));
                break;
            case Noted noted:
                Line($"  {noted.Text}");
                break;
        }
    }

    private void Advance(StepMeasured measured)
    {
        if (measured.Values.TryGetValue("train/loss", out var loss))
            _loss = (measured.Stage, loss);
        if (_context is null)
            return;
        if (!_bars.TryGetValue(measured.Stage, out var bar))
            _bars[measured.Stage] = bar = _context.AddTask(measured.Stage, maxValue: Math.Max(1, measured.TotalSteps));
        bar.Value = measured.Step;
        bar.Description = string.Create(CultureInfo.InvariantCulture, $"{measured.Stage}  step {measured.Step}/{measured.TotalSteps}  loss {_loss.Value:0.000}");
    }

    private string Scores(Evaluated evaluated) =>
        string.Join("; ", evaluated.Scores.Where(score => score is { Slice: "all", IsHeadline: true }).Select(score => string.Create(
            CultureInfo.InvariantCulture, $"{score.Dataset} {score.Split} {Value(score)} (n {score.N}{(score.Sampled ? ", sample" : "")})")))
        + (evaluated.Stage == _loss.Stage ? string.Create(CultureInfo.InvariantCulture, $"; train loss {_loss.Value:0.000}") : "");

    private static string Value(Score score) =>
        score.Metric == "accuracy" ? FormattableString.Invariant($"{100 * score.Value:0.0} %") : FormattableString.Invariant($"{score.Metric} {score.Value:0.000}");

    private void Line(string text)
    {
        if (_context is null)
            Console.WriteLine(text);
        else
            AnsiConsole.WriteLine(text);
    }
}
