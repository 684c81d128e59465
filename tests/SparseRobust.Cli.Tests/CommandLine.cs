using System.Diagnostics;

namespace SparseRobust.Cli.Tests;

/// <summary>The built command line as a real process.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly Process _process;

    private CommandLine(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    public int Id => _process.Id;

    public static CommandLine Start(params string[] arguments) => Start(AppContext.BaseDirectory, new Dictionary<string, string>(), arguments);

    private static CommandLine Start(string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.ArgumentList.Add(Path.Combine(folder, "sparserobust.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new CommandLine(Process.Start(start)!);
    }

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    public static Task<(int ExitCode, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        FinishAsync(Start(AppContext.BaseDirectory, environment, arguments));

    /// <summary>A copy of the program in another folder.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunCopyAsync(string folder, params string[] arguments) =>
        FinishAsync(Start(folder, new Dictionary<string, string>(), arguments));

    private static async Task<(int ExitCode, string Output, string Error)> FinishAsync(CommandLine started)
    {
        using var command = started;
        var error = command._process.StandardError.ReadToEndAsync();
        var output = await command._process.StandardOutput.ReadToEndAsync();
        await command._process.WaitForExitAsync();
        return (command._process.ExitCode, output, await error);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose() => _process.Dispose();
}
