using System.Globalization;

namespace SparseRobust.Web.Runs;

/// <summary>How far somebody has read a run's events; as text 120.1, or 120 from a reader who does not count rewinds.</summary>
/// <param name="Sequence">Of the last event read.</param>
/// <param name="Rewinds">How often attempts had gone back by then; null when not counted, and then only later rewinds are noticed.</param>
public readonly record struct RunCursor(long Sequence, int? Rewinds = null)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}{(Rewinds is null ? "" : ".")}{Rewinds}");

    public static bool TryParse(string? text, IFormatProvider? provider, out RunCursor cursor)
    {
        cursor = default;
        var parts = (text ?? "").Split('.', 2);
        if (!long.TryParse(parts[0], CultureInfo.InvariantCulture, out var sequence))
            return false;
        if (parts.Length == 1)
        {
            cursor = new RunCursor(sequence);
            return true;
        }
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rewinds))
            return false;
        cursor = new RunCursor(sequence, rewinds);
        return true;
    }
}
