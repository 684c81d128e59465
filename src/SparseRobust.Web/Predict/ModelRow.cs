using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Predict;

/// <summary>A model that can answer: the output of a training or pruning stage, named by the stage's hash.</summary>
public sealed class ModelRow : IEntityTypeConfiguration<ModelRow>
{
    /// <summary>The stage's hash.</summary>
    public required string Id { get; init; }

    /// <summary>For people: product of experts, mask training 70 %, seed 1.</summary>
    public required string Name { get; set; }

    /// <summary>The run that recorded it first.</summary>
    public required string RunId { get; init; }

    public required string RecipeHash { get; init; }

    public required long Seed { get; init; }

    public required string Task { get; init; }

    public double? Sparsity { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<ModelRow> builder)
    {
        builder.ToTable("models").HasKey(model => model.Id);
        builder.HasIndex(model => model.CreatedAt).IsDescending();
        builder.HasOne<StageRow>().WithMany().HasForeignKey(model => model.Id).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>A name that can be moved from model to model; "default" is what /predict uses when none is named.</summary>
public sealed class AliasRow : IEntityTypeConfiguration<AliasRow>
{
    public const string Default = "default";

    public required string Alias { get; init; }

    public required string ModelId { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public void Configure(EntityTypeBuilder<AliasRow> builder)
    {
        builder.ToTable("aliases").HasKey(alias => alias.Alias);
        builder.HasOne<ModelRow>().WithMany().HasForeignKey(alias => alias.ModelId).OnDelete(DeleteBehavior.Restrict);
    }
}
