using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Runs;

/// <summary>One value of one series at one step.</summary>
public sealed class MetricPointRow : IEntityTypeConfiguration<MetricPointRow>
{
    public required string RunId { get; init; }

    /// <summary>The event it came with.</summary>
    public required long Sequence { get; init; }

    /// <summary>train/loss, eval/hans_accuracy, prune/sparsity.</summary>
    public required string Series { get; init; }

    public required string Stage { get; init; }

    /// <summary>Step on the run's one axis: the stages laid end to end.</summary>
    public required int Step { get; init; }

    public required double Value { get; init; }

    public required DateTimeOffset Time { get; init; }

    public void Configure(EntityTypeBuilder<MetricPointRow> builder)
    {
        builder.ToTable("metric_points").HasKey(point => new { point.RunId, point.Sequence, point.Series });
        builder.HasIndex(point => new { point.RunId, point.Series, point.Step });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(point => point.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
