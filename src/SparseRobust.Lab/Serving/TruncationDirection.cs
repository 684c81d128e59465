namespace SparseRobust.Lab.Serving;

/// <summary>From which end tokens are cut when a text or pair is longer than the model's input; of a pair, always the longer text loses one first.</summary>
public enum TruncationDirection
{
    /// <summary>The end is cut off, the beginning stays: what training does.</summary>
    Right,

    /// <summary>The beginning is cut off, the end stays.</summary>
    Left,
}
