using System.Text.Json.Nodes;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Fills the body of a new model from a folder and leaves its head as it was built, but for heads that were pre-trained with it.</summary>
internal static class PretrainedBody
{
    private const string Pooler = "pooler";

    // What may differ between the model that was pre-trained and the one that starts from it: how it is trained, not what it computes.
    private static readonly string[] OfTraining = ["hidden_dropout_prob", "attention_probs_dropout_prob", "initializer_range"];

    /// <param name="weights">The folder's weights.</param>
    /// <param name="config">The folder's config.json.</param>
    /// <param name="target">The model to fill.</param>
    /// <param name="heads">What the names of heads begin with that are filled as well, as far as they are there; null for none.</param>
    /// <exception cref="LabException">ArtifactCorrupt: nothing has been filled.</exception>
    public static BodyReport Fill(ModelWeights weights, ModelConfig config, (nn.Module Model, ArchitectureSpec Spec) target, string? heads = null)
    {
        var prefix = ModelConfig.KindOf(target.Spec) + ".";
        List<(string Name, Tensor Tensor)> parameters = [.. target.Model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter))];
        var body = parameters.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (body.Count == 0)
            throw new LabException(ProblemCode.ArtifactCorrupt, $"A {ModelConfig.KindOf(target.Spec)} has no body that could be pre-trained apart from its head. Start from a model of another kind.");
        var stored = Stored(weights, Shapes(body), prefix);
        RequireWhole(weights, Shapes(body), stored, prefix);
        RequireSameSettings(weights, config, target.Spec);
        var filled = parameters.Where(entry => stored.ContainsKey(entry.Name) && (body.Contains(entry) || IsOf(heads, entry.Name))).ToList();
        foreach (var (name, tensor) in filled)
            weights.RequireFit(stored[name], tensor.shape);
        foreach (var (name, tensor) in filled)
            weights.CopyInto(stored[name], tensor);
        return new BodyReport(
            Shapes(filled),
            Shapes(body.Except(filled)),
            [.. stored.Where(entry => filled.All(other => other.Name != entry.Key)).Select(entry => new NamedShape(entry.Value.Name, entry.Value.Shape))],
            Shapes(parameters.Except(filled)));
    }

    /// <summary>Those of a body's tensors that a folder's weights hold: all, but for the pooler, which may be missing.</summary>
    /// <param name="weights">The folder's weights.</param>
    /// <param name="body">The body's names, which begin with the prefix, and shapes.</param>
    /// <param name="prefix">"bert.".</param>
    /// <exception cref="LabException">ArtifactCorrupt, naming what is missing, has no place or has another shape.</exception>
    public static IReadOnlyList<NamedShape> Find(ModelWeights weights, IReadOnlyList<NamedShape> body, string prefix)
    {
        var stored = Stored(weights, body, prefix);
        RequireWhole(weights, body, stored, prefix);
        List<NamedShape> found = [.. body.Where(shape => stored.ContainsKey(shape.Name))];
        foreach (var (name, shape) in found)
            weights.RequireFit(stored[name], [.. shape]);
        return found;
    }

    private static SortedDictionary<string, StoredTensor> Stored(ModelWeights weights, IReadOnlyList<NamedShape> body, string prefix) =>
        WeightNames.OfBody(weights, prefix, body.Select(entry => PartOf(entry.Name, prefix)).ToHashSet(StringComparer.Ordinal));

    private static void RequireWhole(ModelWeights weights, IReadOnlyList<NamedShape> body, SortedDictionary<string, StoredTensor> stored, string prefix)
    {
        var missing = body.Select(entry => entry.Name).Where(name => !stored.ContainsKey(name) && PartOf(name, prefix) != Pooler).ToList();
        var homeless = stored.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && PartOf(name, prefix) != Pooler).Except(body.Select(entry => entry.Name)).ToList();
        if (missing.Count + homeless.Count > 0)
            throw new LabException(ProblemCode.ArtifactCorrupt,
                $"{weights.Path} does not hold the body of this model. Missing: {ModelFolder.Listed(missing)}. Without a place in it: {ModelFolder.Listed(homeless)}. Build the model by the config.json beside the weights.");
    }

    // Shapes do not show everything: with another number of heads the same weights compute something else.
    private static void RequireSameSettings(ModelWeights weights, ModelConfig config, ArchitectureSpec spec)
    {
        var (theirs, ours) = (ModelConfig.SettingsOf(config.Spec), ModelConfig.SettingsOf(spec));
        foreach (var (name, value) in ours)
            if (!OfTraining.Contains(name) && !JsonNode.DeepEquals(value, theirs[name]))
                throw new LabException(ProblemCode.ArtifactCorrupt,
                    $"{weights.Path}: {name} is {theirs[name]?.ToJsonString() ?? "not a setting"} in the config.json beside it and {value?.ToJsonString()} in this model, which would compute something else. Build the model by that config.json.");
    }

    private static bool IsOf(string? heads, string name) => heads is not null && name.StartsWith(heads, StringComparison.Ordinal);

    private static string PartOf(string name, string prefix) => name[prefix.Length..].Split('.')[0];

    private static List<NamedShape> Shapes(IEnumerable<(string Name, Tensor Tensor)> tensors) => [.. tensors.Select(entry => new NamedShape(entry.Name, entry.Tensor.shape))];
}
