using System.Diagnostics;

namespace SparseRobust.Web.Tests;

/// <summary>build/setup.sh where it cannot go on. Shell functions stand for the machine's programs, so that nothing is installed.</summary>
public sealed class SetupTests
{
    private const string EmptyMachine = "grep() { /bin/grep \"$@\"; }; dpkg-query() { false; }; ";

    [Theory]
    [InlineData("id() { echo 0; }", "found: none.", "Get it from https://dotnet.microsoft.com/")]
    [InlineData("dotnet() { echo 9.0.305; }; id() { echo 0; }", "found: 9.0.305.", "Get it from https://dotnet.microsoft.com/")]
    [InlineData("dotnet() { echo 10.0.100; }; apt-get() { :; }; id() { echo 0; }; sh() { return 100; }", "failed with exit code 100", "see that 'apt-get update' succeeds, then start again. Missing: g++ cmake")]
    [InlineData("dotnet() { echo 10.0.100; }; apt-get() { :; }; id() { echo 1000; }", "there is no sudo", "  sh -c 'apt-get -q update;")]
    [InlineData("dotnet() { echo 10.0.100; }; apt-get() { :; }; id() { echo 1000; }; sudo() { false; }", "sudo would ask for a password", "  sudo sh -c 'apt-get -q update;")]
    [InlineData("dotnet() { echo 10.0.100; }; apt-get() { :; }; id() { echo 0; }; sh() { :; }", "their files are not there: g++ cmake", "  apt-get install --reinstall g++ cmake")]
    [InlineData("dotnet() { echo 10.0.100; }; id() { echo 0; }", "Missing: g++ cmake make libtorch-dev", "there is no apt-get here")]
    public async Task A_machine_that_cannot_be_set_up_is_told_why_and_what_to_do(string machine, string why, string remedy)
    {
        var script = $"{EmptyMachine}{machine}; setup_for=cli; source '{Path.Combine(Checkout.Root, "build", "setup.sh")}'; echo went on";
        var start = new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/nonexistent";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal((3, ""), (process.ExitCode, await output));
        Assert.Contains(why, await error, StringComparison.Ordinal);
        Assert.Contains(remedy, await error, StringComparison.Ordinal);
    }
}
