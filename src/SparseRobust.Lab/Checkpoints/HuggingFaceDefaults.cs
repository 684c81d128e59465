using System.Text.Json;
using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>What a config.json of Hugging Face's means by what it leaves out, and what it may say that our models do not compute.</summary>
/// <remarks>Source: the defaults that Hugging Face documents for its classes BertConfig, which are those of bert-base-uncased, and RobertaConfig, which are not those of roberta-base. Its files leave out what is at the default. A kind of model that
/// only this program knows has no such defaults: a setting that is not there was lost.</remarks>
internal static class HuggingFaceDefaults
{
    private static readonly Dictionary<string, (ArchitectureSpec Spec, int VocabSize)> Kinds = new(StringComparer.Ordinal)
    {
        ["bert"] = (new BertSpec
        {
            NumHiddenLayers = 12, HiddenSize = 768, NumAttentionHeads = 12, IntermediateSize = 3072, MaxPositionEmbeddings = 512, TypeVocabSize = 2,
            HiddenDropoutProb = 0.1, AttentionProbsDropoutProb = 0.1, InitializerRange = 0.02, LayerNormEps = 1e-12,
        }, 30_522),
        ["roberta"] = (new RobertaSpec
        {
            NumHiddenLayers = 12, HiddenSize = 768, NumAttentionHeads = 12, IntermediateSize = 3072, MaxPositionEmbeddings = 512, TypeVocabSize = 2,
            HiddenDropoutProb = 0.1, AttentionProbsDropoutProb = 0.1, InitializerRange = 0.02, LayerNormEps = 1e-12, PadTokenId = 1,
        }, 50_265),
    };

    // Settings that change what is computed, with the values (as JSON) under which nothing changes.
    private static readonly (string Name, string[] Harmless)[] Foreign =
    [
        ("position_embedding_type", ["\"absolute\"", "null"]),
        ("is_decoder", ["false", "null"]),
        ("add_cross_attention", ["false", "null"]),
        ("pruned_heads", ["{}", "null"]),
    ];

    /// <summary>Classes of a head whose config names none.</summary>
    public const int Classes = 2;

    /// <summary>The settings of a kind of model that a file leaves out, or null for a kind without defaults.</summary>
    public static (ArchitectureSpec Spec, int VocabSize)? Of(string kind) => Kinds.TryGetValue(kind, out var defaults) ? defaults : null;

    /// <summary>A setting that our models do not follow, in words; null when there is none.</summary>
    public static string? Refused(Dictionary<string, JsonElement> config)
    {
        foreach (var (name, harmless) in Foreign)
            if (config.TryGetValue(name, out var value) && !harmless.Contains(JsonSerializer.Serialize(value)))
                return $"{name} {JsonSerializer.Serialize(value)} is not read here, only {harmless[0]}";
        return null;
    }
}
