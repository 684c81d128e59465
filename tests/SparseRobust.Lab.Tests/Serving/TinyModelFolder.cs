using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Serving;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Serving;

/// <summary>A folder with a tiny model of random weights: words w5 to w23, 32 positions, three classes.</summary>
internal sealed class TinyModelFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyModelFolder(long seed = 1)
    {
        using var model = TinyBert.Create(seed);
        ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, new WordPiece(new Vocabulary(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(5, 19).Select(i => $"w{i}")])));
    }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    public static Predictor Predictor(long seed = 1)
    {
        using var folder = new TinyModelFolder(seed);
        return Lab.Serving.Predictor.Load(folder.Path);
    }

    /// <summary>A text of so many tokens without special ones, different for each seed.</summary>
    public static string Text(int words, int seed = 0) => string.Join(' ', Enumerable.Range(0, words).Select(i => $"w{5 + (7 * i + 3 * seed + i * i * seed) % 19}"));

    public void Dispose() => _folder.Dispose();
}
