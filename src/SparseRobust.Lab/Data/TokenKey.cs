using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Data;

/// <summary>Names what the ids of a dataset depend on.</summary>
/// <remarks>The SHA-256 of the file is not enough: a recipe may take a part of it, and a loader may come to read other texts from the same bytes. So the texts are
/// hashed too: they are in memory anyway.</remarks>
internal static class TokenKey
{
    private const int BlockBytes = 1 << 16;

    /// <summary>SHA-256 over the file's SHA-256, the texts, the vocabulary, the tokenizer and its version, the maximum length, the truncation and the version of <see cref="TokenFile"/>; 64 hexadecimal digits.</summary>
    public static string Of(Dataset dataset, RowEncoder encoder)
    {
        var tokenizer = encoder.Tokenizer;
        return ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"""
            tokens {TokenLayout.Version}
            dataset {dataset.Sha256}
            texts {OfTexts(dataset.Examples)}
            vocabulary {tokenizer.Sha256}
            {tokenizer.Algorithm}
            max_length {encoder.MaxLength}
            truncation {encoder.Truncation}
            """)));
    }

    private static string OfTexts(IReadOnlyList<Example> examples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new ArrayBufferWriter<byte>(BlockBytes);
        foreach (var example in examples)
        {
            Add(example.FirstText);
            Add(example.SecondText);
            if (block.WrittenCount >= BlockBytes)
                Flush();
        }
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // The length stands before the text, so that no two lists of texts are the same bytes.
        void Add(string? text)
        {
            var length = text?.Length ?? -1;
            block.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
            block.Write(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        void Flush()
        {
            hash.AppendData(block.WrittenSpan);
            block.ResetWrittenCount();
        }
    }
}
