namespace SparseRobust.Lab.Stages;

/// <summary>How a run used a dataset split.</summary>
/// <param name="Name">Dataset.</param>
/// <param name="Split">Split.</param>
/// <param name="Sha256">Identity.</param>
/// <param name="Rows">Rows used; of a text its documents.</param>
/// <param name="PublishedRows">Rows of the published split, when known.</param>
/// <param name="BrokenRows">Rows left out as broken; of a text the lines of both splits.</param>
/// <param name="TruncatedRows">Rows that lost tokens.</param>
/// <param name="MajorityShare">Share of the most frequent label: the accuracy of always guessing it. 1 for a graded set, which has one label, and for a text.</param>
public sealed record DatasetUse(string Name, string Split, string Sha256, int Rows, int? PublishedRows, int BrokenRows, int TruncatedRows, double MajorityShare)
{
    /// <summary>Rows left out of the training set because an evaluation set holds them, or their claim.</summary>
    public int WithheldRows { get; init; }

    /// <summary>Whether rows have no classes, so that there is no majority: a graded set, or a text.</summary>
    public bool IsGraded { get; init; }
}
