using System.Net;

namespace SparseRobust.Web.Hosting;

/// <summary>A file to fetch. No record, whose text would show the token to every log.</summary>
internal sealed class TransferRequest(Uri address, string path)
{
    public Uri Address { get; } = address;

    /// <summary>What came before, if anything did; then the whole.</summary>
    public string Path { get; } = path;

    public required long MostBytes { get; init; }

    /// <summary>The refusal of a file that has more.</summary>
    public required Func<Problem> TooLarge { get; init; }

    /// <summary>Hosts that may be asked beside those of the options.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Sent as a bearer to the address's own scheme, host and port and to no other.</summary>
    public string Token { get; init; } = "";

    /// <summary>Of what came before: the rest is asked for on condition that it is still the same.</summary>
    public string? ETag { get; set; }

    /// <summary>Told what the other side says of the file, before the file comes; may refuse it.</summary>
    public Action<TransferHead> OnHead { get; init; } = _ => { };

    /// <summary>What an answer means that is no file and not worth another try; null: what it means anywhere.</summary>
    public Func<HttpStatusCode, Problem>? Refuse { get; init; }
}

/// <summary>What is said of a file by the header fields before it.</summary>
/// <param name="Length">Bytes of the whole; null when they are not told.</param>
/// <param name="ETag">Of this very content, as it is sent; null without one, or when it is a weak one.</param>
/// <param name="LinkedETag">A hub's word for the content of a file that it keeps elsewhere: its SHA-256, or its Git blob id.</param>
/// <param name="LinkedSize">A hub's word for its bytes.</param>
internal sealed record TransferHead(long? Length, string? ETag, string? LinkedETag, long? LinkedSize);
