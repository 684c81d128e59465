using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Artifacts;

/// <summary>One matrix of the mask set that a stage made. The bits lie in the stage's masks.safetensors.</summary>
public sealed class MaskMatrixRow : IEntityTypeConfiguration<MaskMatrixRow>
{
    public required string StageHash { get; init; }

    public required string Name { get; init; }

    public required int Layer { get; init; }

    public required string Kind { get; init; }

    public required long Rows { get; init; }

    public required long Columns { get; init; }

    public required long Kept { get; init; }

    public required string Sha256 { get; init; }

    public void Configure(EntityTypeBuilder<MaskMatrixRow> builder)
    {
        builder.ToTable("mask_matrices").HasKey(matrix => new { matrix.StageHash, matrix.Name });
        builder.HasOne<StageRow>().WithMany().HasForeignKey(matrix => matrix.StageHash).OnDelete(DeleteBehavior.Cascade);
    }
}
