using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Artifacts;
using SparseRobust.Web.Datasets;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Nodes;
using SparseRobust.Web.Predict;
using SparseRobust.Web.Runs;
using SparseRobust.Web.Sweeps;

namespace SparseRobust.Web.Persistence;

/// <summary>The tables; each row class lies in its feature and configures itself.</summary>
public sealed class LabDb(DbContextOptions<LabDb> options) : DbContext(options)
{
    public DbSet<RunRow> Runs => Set<RunRow>();

    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<MetricPointRow> MetricPoints => Set<MetricPointRow>();

    public DbSet<ScoreRow> Scores => Set<ScoreRow>();

    public DbSet<StageRow> Stages => Set<StageRow>();

    public DbSet<RunStageRow> RunStages => Set<RunStageRow>();

    public DbSet<SweepRow> Sweeps => Set<SweepRow>();

    public DbSet<SweepRunRow> SweepRuns => Set<SweepRunRow>();

    public DbSet<ArtifactRow> Artifacts => Set<ArtifactRow>();

    public DbSet<MaskMatrixRow> MaskMatrices => Set<MaskMatrixRow>();

    public DbSet<ModelRow> Models => Set<ModelRow>();

    public DbSet<AliasRow> Aliases => Set<AliasRow>();

    public DbSet<DatasetRow> Datasets => Set<DatasetRow>();

    public DbSet<NodeRow> Nodes => Set<NodeRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(LabDb).Assembly);
        SnakeCase.ApplyTo(modelBuilder);
    }
}
