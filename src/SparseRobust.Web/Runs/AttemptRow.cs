using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Runs;

/// <summary>One try of a worker at a run, under one lease epoch.</summary>
public sealed class AttemptRow : IEntityTypeConfiguration<AttemptRow>
{
    public required string RunId { get; init; }

    public required long Epoch { get; init; }

    public required string Node { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>succeeded, failed, cancelled, shutdown, or lost (found by the next attempt).</summary>
    public string? Reason { get; set; }

    public void Configure(EntityTypeBuilder<AttemptRow> builder)
    {
        builder.ToTable("attempts").HasKey(attempt => new { attempt.RunId, attempt.Epoch });
        builder.HasOne<RunRow>().WithMany().HasForeignKey(attempt => attempt.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
