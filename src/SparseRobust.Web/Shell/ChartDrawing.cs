using System.Globalization;
using System.Text;

namespace SparseRobust.Web.Shell;

/// <summary>The chart that is there without a script: each line as the points of an SVG polyline in a 1000 x 200 box.</summary>
internal sealed class ChartDrawing
{
    public const int Width = 1000;
    public const int Height = 200;
    private readonly bool _logarithmic;

    /// <param name="lines">What to draw.</param>
    /// <param name="logarithmic">Values on a scale of powers of ten.</param>
    /// <param name="stages">When there are some, the axis spans them, so that charts of one run can be compared.</param>
    public ChartDrawing(IReadOnlyList<ChartLine> lines, bool logarithmic, IReadOnlyList<ChartStage>? stages = null)
    {
        _logarithmic = logarithmic;
        var points = lines.SelectMany(line => line.Points).Where(IsDrawn).ToList();
        IsEmpty = points.Count == 0;
        if (IsEmpty)
            return;
        var steps = points.Select(point => point.Step).Concat((stages ?? []).SelectMany(stage => (long[])[stage.Start, stage.End])).ToList();
        (FirstStep, LastStep) = (steps.Min(), steps.Max());
        (Low, High) = (points.Min(point => point.Value), points.Max(point => point.Value));
    }

    public bool IsEmpty { get; }

    public long FirstStep { get; }

    public long LastStep { get; }

    public double Low { get; }

    public double High { get; }

    /// <summary>Whether the line is one point, to be drawn as a dot.</summary>
    public bool IsLone(ChartLine line) => line.Points.Count(IsDrawn) == 1;

    /// <summary>Twice the same when there is but one: a polyline of a single point draws nothing.</summary>
    public string Points(ChartLine line)
    {
        var text = new StringBuilder();
        foreach (var point in line.Points.Where(IsDrawn).SelectMany(point => Enumerable.Repeat(point, IsLone(line) ? 2 : 1)))
            text.Append(CultureInfo.InvariantCulture, $"{X(point.Step):0.#},{Y(point.Value):0.#} ");
        return text.ToString().TrimEnd();
    }

    /// <summary>Where within the drawing a stage begins.</summary>
    public IEnumerable<string> Borders(IEnumerable<ChartStage> stages) =>
        stages.Where(stage => !IsEmpty && stage.Start > FirstStep && stage.Start < LastStep).Select(stage => X(stage.Start).ToString("0.#", CultureInfo.InvariantCulture));

    private bool IsDrawn(ChartPoint point) => double.IsFinite(point.Value) && (!_logarithmic || point.Value > 0);

    private double X(long step) => LastStep == FirstStep ? Width / 2.0 : (double)(step - FirstStep) / (LastStep - FirstStep) * Width;

    private double Y(double value) => High == Low ? Height / 2.0 : Height - (Scaled(value) - Scaled(Low)) / (Scaled(High) - Scaled(Low)) * Height;

    private double Scaled(double value) => _logarithmic ? Math.Log10(value) : value;
}
