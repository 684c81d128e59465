using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Runs;

/// <summary>A finished stage: a folder that every run which needs it shares.</summary>
public sealed class StageRow : IEntityTypeConfiguration<StageRow>
{
    public required string Hash { get; init; }

    public required string Name { get; init; }

    public required double WallSeconds { get; init; }

    /// <summary>Folder, relative to the storage root.</summary>
    public required string Folder { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public void Configure(EntityTypeBuilder<StageRow> builder) => builder.ToTable("stages").HasKey(stage => stage.Hash);
}

/// <summary>That a run uses a stage, and where the stage lies on the run's step axis.</summary>
public sealed class RunStageRow : IEntityTypeConfiguration<RunStageRow>
{
    public required string RunId { get; init; }

    public required int Ordinal { get; init; }

    public required string StageHash { get; init; }

    public required bool Reused { get; init; }

    /// <summary>Share of the encoder's weights removed; null for a stage without masks.</summary>
    public double? Sparsity { get; init; }

    public void Configure(EntityTypeBuilder<RunStageRow> builder)
    {
        builder.ToTable("run_stages").HasKey(stage => new { stage.RunId, stage.Ordinal });
        builder.HasIndex(stage => stage.StageHash);
        builder.HasOne<RunRow>().WithMany().HasForeignKey(stage => stage.RunId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<StageRow>().WithMany().HasForeignKey(stage => stage.StageHash).OnDelete(DeleteBehavior.Restrict);
    }
}
