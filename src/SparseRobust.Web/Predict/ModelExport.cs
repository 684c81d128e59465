using System.IO.Compression;
using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Predict;

/// <summary>A model as a zip in Hugging Face's layout: dense tensors that hold the zeros, so every loader of BERT reads it.</summary>
internal sealed class ModelExport
{
    private const string TokenizerConfigFile = "tokenizer_config.json";

    // For models made when a folder held vocab.txt alone.
    private const string TokenizerConfig = """
        {
          "tokenizer_class": "BertTokenizer",
          "do_lower_case": true
        }
        """;

    private readonly ModelView _model;
    private readonly IReadOnlyList<string> _files;

    private ModelExport(ModelView model, IReadOnlyList<string> files) => (_model, _files) = (model, files);

    /// <summary>Looks before the answer begins: once it has, a missing file could only be told by breaking off.</summary>
    /// <exception cref="LabException">ArtifactMissing.</exception>
    /// <exception cref="Problem">RequestInvalid: the model is no BERT.</exception>
    public static ModelExport Prepare(ServedModel model, ModelView view)
    {
        string[] required = ["config.json", "model.safetensors", .. Tokenizer(model.Folder)];
        if (required.Select(name => Path.Combine(model.Folder, name)).FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw new LabException(ProblemCode.ArtifactMissing, $"{missing} is not there, so model {model.Id} cannot be exported. Run {view.RunId} again with rerun to make it anew.");
        RequireBert(Path.Combine(model.Folder, required[0]));
        var masks = Path.Combine(model.Folder, "masks.safetensors");
        return new ModelExport(view, [.. required.Select(name => Path.Combine(model.Folder, name)), .. File.Exists(masks) ? new[] { masks } : []]);
    }

    // A folder without any is told by the file that every BERT has.
    private static string[] Tokenizer(string folder) =>
        [.. TokenizerFolder.FileNames.Where(name => File.Exists(Path.Combine(folder, name))).DefaultIfEmpty("vocab.txt")];

    // Hugging Face's layout has no name for our other kinds, and a loader would take them for what they are not.
    private static void RequireBert(string configPath)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(configPath));
        if (config.RootElement.TryGetProperty("model_type", out var kind) && kind.GetString() != "bert")
            throw Problem.Invalid("format", $"hf is a format for BERT, and this model is a {kind.GetString()}, which no other program reads. Take its files one by one from its artifacts.");
    }

    public async Task WriteAsync(Stream body, CancellationToken cancellation)
    {
        await using var zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, System.Text.Encoding.UTF8, cancellation);
        await WriteTextAsync(zip, ModelCard.FileName, ExportedCard.Of(_model).ToMarkdown(), cancellation);
        if (!_files.Any(path => Path.GetFileName(path) == TokenizerConfigFile))
            await WriteTextAsync(zip, TokenizerConfigFile, TokenizerConfig, cancellation);
        foreach (var path in _files)
        {
            await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using var target = await Entry(zip, Path.GetFileName(path)).OpenAsync(cancellation);
            await source.CopyToAsync(target, cancellation);
        }
    }

    private async Task WriteTextAsync(ZipArchive zip, string name, string text, CancellationToken cancellation)
    {
        await using var target = await Entry(zip, name).OpenAsync(cancellation);
        await target.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellation);
    }

    private ZipArchiveEntry Entry(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = _model.CreatedAt;
        return entry;
    }
}
