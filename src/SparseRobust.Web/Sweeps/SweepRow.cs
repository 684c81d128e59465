using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Sweeps;

/// <summary>Runs launched together: a preset, or a recipe over a grid, with seeds.</summary>
public sealed class SweepRow : IEntityTypeConfiguration<SweepRow>
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public string? Preset { get; init; }

    /// <summary>The recipe the grid varies; null for a preset.</summary>
    public string? Recipe { get; init; }

    public string? Grid { get; init; }

    public required long[] Seeds { get; init; }

    /// <summary>active, paused or cancelled: what was asked for; how far it is follows from its runs.</summary>
    public required string State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<SweepRow> builder)
    {
        builder.ToTable("sweeps").HasKey(sweep => sweep.Id);
        builder.Property(sweep => sweep.Recipe).HasColumnType("jsonb");
        builder.Property(sweep => sweep.Grid).HasColumnType("jsonb");
        builder.HasIndex(sweep => sweep.CreatedAt).IsDescending();
    }
}

/// <summary>That a sweep holds a run; a run that was there before belongs to several.</summary>
public sealed class SweepRunRow : IEntityTypeConfiguration<SweepRunRow>
{
    public required string SweepId { get; init; }

    public required int Ordinal { get; init; }

    public required string RunId { get; init; }

    /// <summary>Whether the sweep made the run, or queued it again; otherwise it found the run there, wanted by somebody else.</summary>
    public required bool Launched { get; init; }

    public void Configure(EntityTypeBuilder<SweepRunRow> builder)
    {
        builder.ToTable("sweep_runs").HasKey(member => new { member.SweepId, member.Ordinal });
        builder.HasIndex(member => member.RunId);
        builder.HasOne<SweepRow>().WithMany().HasForeignKey(member => member.SweepId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Runs.RunRow>().WithMany().HasForeignKey(member => member.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
