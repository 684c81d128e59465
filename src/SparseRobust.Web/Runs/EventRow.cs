using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Runs;

/// <summary>A line of a run's journal, as readers see it.</summary>
public sealed class EventRow : IEntityTypeConfiguration<EventRow>
{
    public required string RunId { get; init; }

    public required long Sequence { get; init; }

    /// <summary>step_measured, evaluated, ...</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The event's JSON with run_step, its place on the one step axis of all stages.</summary>
    public required string Body { get; init; }

    public void Configure(EntityTypeBuilder<EventRow> builder)
    {
        builder.ToTable("run_events").HasKey(e => new { e.RunId, e.Sequence });
        builder.Property(e => e.Body).HasColumnType("jsonb");
        builder.HasIndex(e => new { e.RunId, e.Kind, e.Sequence });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(e => e.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
