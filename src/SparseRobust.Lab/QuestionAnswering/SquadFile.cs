using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>The official JSON layout of SQuAD 1.1 and 2.0; members not named here are ignored.</summary>
internal readonly record struct SquadFile
{
    // Twelve times the training set of SQuAD 2.0: what is larger is something else, or a bomb.
    private const int LargestFile = 1 << 29;

    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    public required IReadOnlyList<Article> Data { get; init; }

    /// <summary>Reads a plain or gzipped file whole; gzip is told by its first two bytes.</summary>
    /// <returns>The content, and the lower-case hex SHA-256 of the decompressed file.</returns>
    /// <exception cref="LabException">DatasetInvalid when the file cannot be read, has over 512 MiB, or is not of this layout.</exception>
    public static (SquadFile Content, string Sha256) Read(string path, CancellationToken cancellation)
    {
        try
        {
            using var content = Decompress(path, cancellation);
            var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
            var json = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
            return (JsonSerializer.Deserialize<SquadFile>(json, Layout), Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (JsonException fault)
        {
            throw new LabException(ProblemCode.DatasetInvalid, $"{path} is not in SQuAD's layout ({fault.Message.TrimEnd('.')}). Fetch the file again, or check that it is the original.", fault);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new LabException(ProblemCode.DatasetInvalid, $"{path} cannot be read ({unreadable.Message.TrimEnd('.')}): check its permissions, or fetch it again.", unreadable);
        }
    }

    // A gzip file that was cut short ends too early here without a word; its JSON is then not complete, and refused as such.
    private static MemoryStream Decompress(string path, CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream source = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        var content = new MemoryStream();
        var block = new byte[1 << 16];
        for (int count; (count = source.Read(block)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (content.Length + count > LargestFile)
                throw new InvalidDataException($"it has over {LargestFile} bytes, where SQuAD has 42 million");
            content.Write(block.AsSpan(0, count));
        }
        return content;
    }

    internal readonly record struct Article
    {
        public required IReadOnlyList<Paragraph> Paragraphs { get; init; }
    }

    internal readonly record struct Paragraph
    {
        public required string Context { get; init; }

        public required IReadOnlyList<Row> Qas { get; init; }
    }

    internal readonly record struct Row
    {
        public required string Id { get; init; }

        public required string Question { get; init; }

        public required IReadOnlyList<Answer> Answers { get; init; }

        /// <summary>Only in SQuAD 2.0.</summary>
        public bool IsImpossible { get; init; }
    }

    internal readonly record struct Answer
    {
        public required string Text { get; init; }

        /// <summary>Index of its first character in the context, in Unicode code points.</summary>
        public required int AnswerStart { get; init; }
    }
}
