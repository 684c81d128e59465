using System.Text.Json;

namespace SparseRobust.Cli.Tests;

/// <summary>LibTorch, OpenBLAS and our kernels all held to what an older processor has.</summary>
public class OlderProcessorTests
{
    private static readonly string[] Training = ["bench", "--layers", "1", "--hidden", "64", "--length", "16", "--vocabulary", "100", "--batch", "4", "--steps", "4", "--warmup", "0", "--training", "mask", "--json"];

    private static async Task<double[]> LossesAsync(Dictionary<string, string> environment)
    {
        var (exit, output, error) = await CommandLine.RunAsync(environment, Training);
        Assert.True(exit == 0, error);
        return [.. JsonElement.Parse(output.Trim().Split('\n')[^1]).GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble())];
    }

    [Theory]
    [InlineData("default", "Prescott")]
    [InlineData("avx2", "Haswell")]
    public async Task A_training_without_newer_instructions_is_the_same_up_to_rounding(string capability, string core)
    {
        var older = await LossesAsync(new() { ["ATEN_CPU_CAPABILITY"] = capability, ["SPARSEROBUST_CPU_CAPABILITY"] = capability, ["OPENBLAS_CORETYPE"] = core });
        var newest = await LossesAsync([]);
        Assert.Equal(4, older.Length);
        // Four steps from the same weights, by sums of at most 256 products in another order.
        Assert.All(older.Zip(newest), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
    }

    [Fact]
    public async Task An_instruction_set_that_is_not_known_is_warned_of()
    {
        var (exit, output, error) = await CommandLine.RunAsync(new Dictionary<string, string> { ["SPARSEROBUST_CPU_CAPABILITY"] = "sse9" }, Training);
        Assert.Equal(0, exit);
        Assert.Contains("SPARSEROBUST_CPU_CAPABILITY=sse9 is not default, avx2 or avx512", output + error, StringComparison.Ordinal);
    }
}
