using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Runs;

/// <summary>A number over a full evaluation set, with everything needed to trust it.</summary>
public sealed class ScoreRow : IEntityTypeConfiguration<ScoreRow>
{
    public long Id { get; init; }

    public required string RunId { get; init; }

    /// <summary>Place of the stage in the run; the last evaluation is the run's own.</summary>
    public required int StageOrdinal { get; init; }

    public required string Stage { get; init; }

    public required string StageHash { get; init; }

    public required string Dataset { get; init; }

    public required string DatasetSha256 { get; init; }

    public required string Split { get; init; }

    /// <summary>"all", or for example heuristic=lexical_overlap,label=entailment.</summary>
    public required string Slice { get; init; }

    public required string Metric { get; init; }

    public required double Value { get; init; }

    public required int N { get; init; }

    public required long Seed { get; init; }

    /// <summary>The chosen checkpoint's step; null when the laboratory did not say.</summary>
    public int? CheckpointStep { get; init; }

    /// <summary>Whether this is of the run's last model: what lists and groups show.</summary>
    public required bool IsFinal { get; init; }

    public void Configure(EntityTypeBuilder<ScoreRow> builder)
    {
        builder.ToTable("scores").HasKey(score => score.Id);
        builder.HasIndex(score => new { score.RunId, score.StageOrdinal, score.Dataset, score.Split, score.Slice, score.Metric }).IsUnique();
        builder.HasIndex(score => new { score.Dataset, score.Metric, score.Value }).HasFilter("is_final");
        builder.HasIndex(score => new { score.Slice, score.RunId }).HasFilter("is_final");
        builder.HasOne<RunRow>().WithMany().HasForeignKey(score => score.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
