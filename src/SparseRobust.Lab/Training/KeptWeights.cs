using System.Globalization;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Training;

/// <summary>The weights of a model in the midst of its training, one file for each moment that was asked for; part of the stage's output.</summary>
internal static class KeptWeights
{
    /// <summary>Writes all weights as they are after an update.</summary>
    public static void Save(string folder, int step, nn.Module model) =>
        TensorFile.Save(PathOf(folder, step), model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)));

    /// <summary>Overwrites all weights of a model with those that were kept after an update.</summary>
    /// <exception cref="LabException">ArtifactMissing, ArtifactCorrupt.</exception>
    public static void Load(string folder, int step, nn.Module model)
    {
        using var noGrad = no_grad();
        using var file = TensorFile.Open(PathOf(folder, step));
        foreach (var (name, parameter) in model.named_parameters())
            file.CopyInto(name, parameter);
    }

    private static string PathOf(string folder, int step) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"weights-{step}.safetensors"));
}
