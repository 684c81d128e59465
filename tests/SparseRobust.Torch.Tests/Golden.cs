using System.Text.Json;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests;

/// <summary>Numbers that PyTorch computed; see Fixtures/torch/make_golden.py.</summary>
internal static class Golden
{
    private static readonly JsonDocument Document =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "torch", "golden.json")));

    internal static JsonElement Root => Document.RootElement;

    internal static Tensor ToTensor(this JsonElement element) => tensor(
        element.Floats(), element.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()).ToArray());

    internal static float[] Floats(this JsonElement element) =>
        element.GetProperty("values").EnumerateArray().Select(n => n.GetSingle()).ToArray();

    internal static void Near(JsonElement expected, Tensor actual, float tolerance = 1e-6f) =>
        Near(expected.Floats(), actual, tolerance);

    internal static void Near(float[] expected, Tensor actual, float tolerance = 1e-6f)
    {
        var found = actual.detach().data<float>().ToArray();
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < found.Length; i++)
            Assert.InRange(found[i], expected[i] - (tolerance * (1 + Math.Abs(expected[i]))), expected[i] + (tolerance * (1 + Math.Abs(expected[i]))));
    }
}
