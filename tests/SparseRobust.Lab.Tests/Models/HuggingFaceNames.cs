namespace SparseRobust.Lab.Tests.Models;

/// <summary>What Hugging Face calls the parameters of these models.</summary>
internal static class HuggingFaceNames
{
    public static IEnumerable<string> Of(string prefix, int layers, params string[] heads) =>
    [
        .. new[] { "word", "position", "token_type" }.Select(table => $"{prefix}.embeddings.{table}_embeddings.weight"),
        .. Both($"{prefix}.embeddings.LayerNorm"),
        .. Enumerable.Range(0, layers).SelectMany(layer => new[]
        {
            "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "attention.output.LayerNorm",
            "intermediate.dense", "output.dense", "output.LayerNorm",
        }.SelectMany(part => Both($"{prefix}.encoder.layer.{layer}.{part}"))),
        .. heads.SelectMany(Both),
    ];

    private static string[] Both(string layer) => [$"{layer}.weight", $"{layer}.bias"];
}
