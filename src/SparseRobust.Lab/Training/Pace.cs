using System.Diagnostics;

namespace SparseRobust.Lab.Training;

/// <summary>How fast updates go, from one measurement to the next; evaluations and checkpoints are kept out of it.</summary>
internal sealed class Pace
{
    private readonly Stopwatch _clock = new();
    private int _examples;
    private long _tokens;
    private int _updates;
    private (long Tokens, long Padded) _update;
    private double _paddingShare;

    public void Restart()
    {
        _clock.Restart();
        (_examples, _tokens, _updates) = (0, 0, 0);
    }

    public void Count(MicroBatch part)
    {
        _examples += part.Rows;
        _tokens += part.Tokens;
        _update = (_update.Tokens + part.Tokens, _update.Padded + part.PaddedTokens);
    }

    public void EndUpdate()
    {
        _updates++;
        _paddingShare = 1 - _update.Tokens / (double)_update.Padded;
        _update = default;
    }

    /// <summary>Means over the updates since <see cref="Restart"/>; the share of padding is the last update's.</summary>
    public void AddTo(SortedDictionary<string, double> values)
    {
        var seconds = _clock.Elapsed.TotalSeconds;
        values["train/padding_share"] = _paddingShare;
        values["train/step_seconds"] = seconds / _updates;
        values["train/examples_per_second"] = _examples / Math.Max(1e-9, seconds);
        values["train/tokens_per_second"] = _tokens / Math.Max(1e-9, seconds);
    }
}
