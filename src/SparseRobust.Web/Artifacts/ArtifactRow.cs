using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>A file of a finished stage, found by what is in it.</summary>
public sealed class ArtifactRow : IEntityTypeConfiguration<ArtifactRow>
{
    public required string StageHash { get; init; }

    public required string Name { get; init; }

    public required string Sha256 { get; init; }

    public required long Size { get; init; }

    public void Configure(EntityTypeBuilder<ArtifactRow> builder)
    {
        builder.ToTable("artifacts").HasKey(artifact => new { artifact.StageHash, artifact.Name });
        builder.HasIndex(artifact => artifact.Sha256);
        builder.HasOne<StageRow>().WithMany().HasForeignKey(artifact => artifact.StageHash).OnDelete(DeleteBehavior.Cascade);
    }
}
