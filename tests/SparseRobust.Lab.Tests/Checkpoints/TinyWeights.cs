using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Checkpoints;

/// <summary>A folder of a tiny BERT whose weights tests rename, convert, split and spoil.</summary>
internal sealed class TinyWeights : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyWeights(long seed = 1)
    {
        Model = TinyBert.Create(seed);
        Model.eval();
        ModelFolder.Save(_folder.Path, Model, LabelSet.ThreeWayNli, Words);
    }

    public static Tokenizer Words { get; } = new WordPiece(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, 19).Select(i => $"w{i}")]));

    public BertForSequenceClassification Model { get; }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    /// <summary>Writes the weights anew, in one file, under other names, in other types, or without some of them (null).</summary>
    public void Rewrite(Func<string, string?>? rename = null, Func<Tensor, Tensor>? convert = null, params (string Name, Tensor Tensor)[] more)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        TensorFile.Save(File(ModelFolder.WeightsFile), [.. Stored(rename, convert), .. more]);
    }

    /// <summary>Writes the weights in two files with an index.</summary>
    public void Split(Func<string, string>? spoil = null)
    {
        using var scope = NewDisposeScope();
        string[] shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
        var tensors = Stored(null, null).ToList();
        for (var i = 0; i < 2; i++)
            TensorFile.Save(File(shards[i]), tensors.Where((_, at) => at % 2 == i));
        var index = $$"""{"metadata": {"total_size": 1}, "weight_map": { {{string.Join(", ", tensors.Select((tensor, at) => $"\"{tensor.Name}\": \"{shards[at % 2]}\""))}} } }""";
        System.IO.File.WriteAllText(File("model.safetensors.index.json"), spoil?.Invoke(index) ?? index);
        System.IO.File.Delete(File(ModelFolder.WeightsFile));
    }

    public void EditConfig(string from, string to) =>
        System.IO.File.WriteAllText(File(ModelFolder.ConfigFile), System.IO.File.ReadAllText(File(ModelFolder.ConfigFile)).Replace(from, to, StringComparison.Ordinal));

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }

    private IEnumerable<(string Name, Tensor Tensor)> Stored(Func<string, string?>? rename, Func<Tensor, Tensor>? convert) =>
        from entry in Model.named_parameters()
        let name = rename is null ? entry.name : rename(entry.name)
        where name is not null
        select (name, convert is null ? (Tensor)entry.parameter : convert(entry.parameter));
}
