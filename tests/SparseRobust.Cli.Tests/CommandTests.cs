using System.Text.Json;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Cli.Tests;

public class CommandTests
{
    [Fact]
    public async Task Presets_lists_the_named_experiments()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("presets", "--json");
        Assert.Equal(0, exitCode);
        var names = JsonDocument.Parse(output).RootElement.EnumerateArray().Select(preset => preset.GetProperty("name").GetString()).ToList();
        Assert.Contains("quickstart/shortcut-nli", names);
        Assert.Contains("srnets/small-mnli-hans", names);
    }

    [Fact]
    public async Task Check_names_the_stages_and_starts_nothing()
    {
        var root = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (exitCode, output, _) = await CommandLine.RunAsync("check", "quickstart/shortcut-nli", "--out", root, "--json");
        Assert.Equal(0, exitCode);
        var first = JsonDocument.Parse(output.Split('\n')[0]).RootElement;
        Assert.Equal(["fine-tune", "evaluate fine-tune"], first.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()));
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public async Task Data_lists_the_built_in_task_without_any_folder()
    {
        var (exitCode, output, _) = await CommandLine.RunAsync("data", "--json");
        Assert.Equal(0, exitCode);
        Assert.Contains("shortcut-nli", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("bench", "--steps", "0")]
    [InlineData("bench", "--precision", "fp16")]
    [InlineData("run")]
    public async Task A_command_line_that_cannot_be_read_ends_with_2(params string[] arguments) =>
        Assert.Equal(2, (await CommandLine.RunAsync(arguments)).ExitCode);

    [Fact]
    public void Every_problem_code_has_a_documented_exit_code()
    {
        foreach (var code in Enum.GetValues<ProblemCode>())
            Assert.InRange(ExitCode.Of(code), 1, 10);
    }
}
