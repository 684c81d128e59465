using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Runs;

/// <summary>One recipe with one seed, and where its work stands.</summary>
public sealed class RunRow : IEntityTypeConfiguration<RunRow>
{
    /// <summary>{recipe hash}-{seed}, and for a repetition -r{n}: also the name of its folder.</summary>
    public required string Id { get; init; }

    public required string RecipeHash { get; init; }

    public required long Seed { get; init; }

    /// <summary>0 for the run itself, n for its n-th repetition, which reuses no stage.</summary>
    public int Rerun { get; init; }

    /// <summary>The canonical recipe, defaults left out.</summary>
    public required string Recipe { get; init; }

    public required string Task { get; init; }

    public required string Model { get; init; }

    public required string Paradigm { get; init; }

    public string? Pruning { get; init; }

    public string? FineTuningObjective { get; init; }

    public string? PruningObjective { get; init; }

    public double? Sparsity { get; init; }

    public string? Name { get; set; }

    public string? Notes { get; set; }

    public string[] Tags { get; set; } = [];

    /// <summary>Higher goes first.</summary>
    public int Priority { get; init; }

    public string? Preset { get; init; }

    /// <summary>Its name within the preset.</summary>
    public string? Cell { get; init; }

    public RunState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? ProblemCode { get; set; }

    public string? ProblemMessage { get; set; }

    /// <summary>Raised by every attempt. Whoever writes for an attempt says which epoch it holds; a stale one changes nothing.</summary>
    public long LeaseEpoch { get; set; }

    public string? LeaseNode { get; set; }

    public DateTimeOffset? LeaseRenewedAt { get; set; }

    /// <summary>Where the attempt under way has got to; a view of the journal.</summary>
    public string? Stage { get; set; }

    public int? Step { get; set; }

    public int? TotalSteps { get; set; }

    /// <summary>Sequence of the last event in the table.</summary>
    public long LastSequence { get; set; }

    /// <summary>The sequences that attempts went back to, in order: a reader who has heard of fewer goes back as well.</summary>
    public long[] Rewinds { get; set; } = [];

    /// <summary>The laboratory's result.json, when it succeeded.</summary>
    public string? Result { get; set; }

    /// <summary>Made elsewhere and brought here.</summary>
    public bool Imported { get; set; }

    public void Configure(EntityTypeBuilder<RunRow> builder)
    {
        builder.ToTable("runs").HasKey(run => run.Id);
        builder.Property(run => run.Recipe).HasColumnType("jsonb");
        builder.Property(run => run.Result).HasColumnType("jsonb");
        builder.Property(run => run.State).HasConversion(state => state.Word(), word => Enum.Parse<RunState>(word, true)).HasMaxLength(16);
        // The transaction that last changed what RunStatus shows; a trigger keeps it, so that no writer can forget to. RunChanges reads it.
        builder.Property<ulong>("ChangedIn").HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
        builder.HasIndex("ChangedIn");
        builder.HasIndex(run => new { run.RecipeHash, run.Seed, run.Rerun }).IsUnique();
        builder.HasIndex(run => new { run.CreatedAt, run.Id }).IsDescending();
        builder.HasIndex(run => new { run.State, run.CreatedAt });
        builder.HasIndex(run => run.Tags).HasMethod("gin");
    }
}
