using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Nodes;

/// <summary>A process of ours on the database.</summary>
public sealed class NodeRow : IEntityTypeConfiguration<NodeRow>
{
    public required string Id { get; init; }

    public required string Roles { get; init; }

    public required string Host { get; init; }

    public required int ProcessId { get; init; }

    public required string Device { get; init; }

    public required string Version { get; init; }

    /// <summary>LibTorch, BLAS and threads; null for a node that does not compute.</summary>
    public string? Engine { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset SeenAt { get; set; }

    public void Configure(EntityTypeBuilder<NodeRow> builder) => builder.ToTable("nodes").HasKey(node => node.Id);
}
