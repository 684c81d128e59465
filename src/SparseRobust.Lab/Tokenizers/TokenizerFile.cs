using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tokenizers;

/// <summary>Reads one of a tokenizer's files whole, after a look at its size.</summary>
internal static class TokenizerFile
{
    /// <summary>Most bytes of a file. RoBERTa's tokenizer.json has 1.4 million.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>Most tokens of a vocabulary.</summary>
    public const int MostTokens = 1 << 20;

    /// <summary>Refuses what is not UTF-8.</summary>
    public static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a file without a byte order mark.</summary>
    /// <exception cref="LabException">ArtifactMissing; TokenizerInvalid when it is larger than a tokenizer's file can be.</exception>
    public static ReadOnlySpan<byte> Read(string path)
    {
        if (!File.Exists(path))
            throw new LabException(ProblemCode.ArtifactMissing, $"There is no vocabulary file {path}: check the path; a BERT model's folder holds it as vocab.txt.");
        if (new FileInfo(path).Length is > MostBytes and var bytes)
            throw new LabException(ProblemCode.TokenizerInvalid, FormattableString.Invariant($"{path} has {bytes:N0} bytes, and a tokenizer's file at most {MostBytes:N0}: name another file."));
        ReadOnlySpan<byte> content = File.ReadAllBytes(path);
        return content.StartsWith("\uFEFF"u8) ? content[3..] : content;
    }

    /// <summary>The lines of a UTF-8 file without their ends.</summary>
    /// <exception cref="LabException">As <see cref="Read"/>; TokenizerInvalid when it is not UTF-8.</exception>
    public static List<string> ReadLines(string path)
    {
        var content = Read(path);
        try
        {
            using var lines = new StringReader(StrictUtf8.GetString(content));
            var read = new List<string>();
            while (lines.ReadLine() is { } line)
                read.Add(read.Count < MostTokens ? line : throw new LabException(ProblemCode.TokenizerInvalid, FormattableString.Invariant($"{path} has over {MostTokens:N0} lines: it is no file of a tokenizer; name another.")));
            return read;
        }
        catch (DecoderFallbackException notText)
        {
            throw new LabException(ProblemCode.TokenizerInvalid, $"The vocabulary file {path} is not UTF-8 text: use a BERT vocab.txt.", notText);
        }
    }
}
