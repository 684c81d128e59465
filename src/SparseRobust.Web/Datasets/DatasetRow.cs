using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Datasets;

/// <summary>A dataset split as a run used it, by its content.</summary>
public sealed class DatasetRow : IEntityTypeConfiguration<DatasetRow>
{
    public required string Sha256 { get; init; }

    public required string Name { get; init; }

    public required string Split { get; init; }

    public required int Rows { get; init; }

    public int? PublishedRows { get; init; }

    public required int BrokenRows { get; init; }

    public required double MajorityShare { get; init; }

    public required DateTimeOffset FirstUsedAt { get; init; }

    public void Configure(EntityTypeBuilder<DatasetRow> builder) => builder.ToTable("datasets").HasKey(dataset => new { dataset.Sha256, dataset.Name, dataset.Split });
}
