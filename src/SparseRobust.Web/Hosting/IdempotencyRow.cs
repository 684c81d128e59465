using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace SparseRobust.Web.Hosting;

/// <summary>What a request with an Idempotency-Key was answered, for the request that comes again.</summary>
public sealed class IdempotencyRow : IEntityTypeConfiguration<IdempotencyRow>
{
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is a caller's mistake.</summary>
    public required string RequestSha256 { get; init; }

    /// <summary>Null while the first request is being answered.</summary>
    public int? Status { get; set; }

    public string? Location { get; set; }

    public string? Body { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
    {
        builder.ToTable("idempotency_keys").HasKey(row => row.Key);
        builder.HasIndex(row => row.CreatedAt);
    }
}
