using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Web.Predict;

/// <summary>A model as a zip in Hugging Face's layout: dense tensors that hold the zeros, so every loader of BERT reads it.</summary>
internal sealed class ModelExport
{
    private static readonly string[] Required = ["config.json", "model.safetensors", "vocab.txt"];

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
    public static ModelExport Prepare(ServedModel model, ModelView view)
    {
        if (Required.Select(name => Path.Combine(model.Folder, name)).FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw new LabException(ProblemCode.ArtifactMissing, $"{missing} is not there, so model {model.Id} cannot be exported. Run {view.RunId} again with rerun to make it anew.");
        var masks = Path.Combine(model.Folder, "masks.safetensors");
        return new ModelExport(view, [.. Required.Select(name => Path.Combine(model.Folder, name)), .. File.Exists(masks) ? new[] { masks } : []]);
    }

    public async Task WriteAsync(Stream body, CancellationToken cancellation)
    {
        await using var zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation);
        await WriteTextAsync(zip, "README.md", ModelCard.Of(_model), cancellation);
        await WriteTextAsync(zip, "tokenizer_config.json", TokenizerConfig, cancellation);
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
        await target.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
    }

    private ZipArchiveEntry Entry(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = _model.CreatedAt;
        return entry;
    }
}
