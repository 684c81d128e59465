using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SparseRobust.Web.Tests.Datasets;

/// <summary>Tiny files of published formats, and sending them.</summary>
internal static class DatasetFixture
{
    public static string Rte { get; } = File.ReadAllText(Path.Combine(Checkout.Root, "tests", "Fixtures", "datasets", "rte.tsv"));

    public static string Hans { get; } = File.ReadAllText(Path.Combine(Checkout.Root, "tests", "Fixtures", "datasets", "hans.txt"));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>PUT /api/v1/datasets/{address}; no Content-Type when <paramref name="type"/> is null.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Json)> PutAsync(this HttpClient client, string address, byte[] content, string? type = "application/octet-stream")
    {
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await client.PutAsync(new Uri($"/api/v1/datasets/{address}", UriKind.Relative), body);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    /// <summary>Every file below the server's data folder, whatever its state.</summary>
    public static string[] FilesOf(LabServer server)
    {
        var folder = Path.Combine(server.Storage, "datasets");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)] : [];
    }
}
