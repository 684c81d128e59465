using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Which files of a published model are kept when it is imported, and how large they may be. Nothing else is ever written.</summary>
/// <remarks>Source: Hugging Face's repository layout. Weights that lie there in several formats are taken once, safetensors before PyTorch's.</remarks>
public static partial class ModelFiles
{
    /// <summary>What says which model it is; without it there is none.</summary>
    public const string Config = ModelFolder.ConfigFile;

    // Vocabularies of many languages have 20 MB; nothing that is not weights needs more.
    private const long LargestText = 256L << 20;

    private const int Block = 1 << 16;

    private static readonly string[] Texts =
        [Config, .. TokenizerFolder.FileNames, "added_tokens.json", "README.md"];

    private static readonly (string Name, Regex? Shards)[] Weights =
    [
        (ModelFolder.WeightsFile, null),
        ("model.safetensors.index.json", SafetensorsShard()),
        ("pytorch_model.bin", null),
        ("pytorch_model.bin.index.json", PyTorchShard()),
    ];

    /// <summary>Those of a folder's files that are kept: what is small first, config.json before all, then the weights in one format.</summary>
    /// <param name="names">Names of all files of the folder, without folders.</param>
    /// <exception cref="LabException">ModelInvalid: there is no config.json, or no weights in a format that is known.</exception>
    public static IReadOnlyList<string> Choose(IEnumerable<string> names)
    {
        var there = names.ToHashSet(StringComparer.Ordinal);
        if (!there.Contains(Config))
            throw Invalid($"There is no {Config}, which every model has. Take the folder that holds it.");
        if (Weights.FirstOrDefault(layout => there.Contains(layout.Name)) is not { Name: { } weights } layout)
            throw Invalid($"There are no weights: none of {string.Join(", ", Weights.Select(each => each.Name))}. Other formats (TensorFlow's, Flax's) are not read; convert them to safetensors first.");
        return [.. Texts.Where(there.Contains), weights, .. there.Where(name => layout.Shards?.IsMatch(name) == true).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether a file is small: a configuration or a tokenizer's, that are looked at before the weights are fetched.</summary>
    public static bool IsText(string name) => Texts.Contains(name);

    /// <summary>Most bytes of a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mostBytes">Most bytes of the whole model.</param>
    public static long LimitOf(string name, long mostBytes) => IsText(name) ? Math.Min(LargestText, mostBytes) : mostBytes;

    /// <summary>Writes a file as it comes, no more of it than the limit, flushes it to the disk and gives what was written.</summary>
    /// <param name="source">The content.</param>
    /// <param name="folder">Where to; there must be no such file yet.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="cancellation">Cancels; what was written stays.</param>
    /// <exception cref="LabException">ModelInvalid: it has more bytes.</exception>
    public static ImportedFile Receive(Stream source, string folder, string name, long limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, Block);
        var buffer = new byte[Block];
        long length = 0;
        int read;
        while ((read = source.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            if ((length += read) > limit)
                throw Invalid($"{name} has more than the {limit} bytes that it says or that are taken here.");
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }
        target.Flush(flushToDisk: true);
        return new ImportedFile(name, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Size and SHA-256 of a file that is there.</summary>
    public static ImportedFile Measure(string folder, string name, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, Block, FileOptions.SequentialScan);
        var buffer = new byte[Block];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return new ImportedFile(name, file.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    internal static LabException Invalid(string message, Exception? inner = null) => new(ProblemCode.ModelInvalid, message, inner);

    [GeneratedRegex(@"^model-[0-9]{5}-of-[0-9]{5}\.safetensors\z")]
    private static partial Regex SafetensorsShard();

    [GeneratedRegex(@"^pytorch_model-[0-9]{5}-of-[0-9]{5}\.bin\z")]
    private static partial Regex PyTorchShard();
}
