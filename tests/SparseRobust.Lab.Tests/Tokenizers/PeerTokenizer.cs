using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SparseRobust.Lab.Tests.Runs;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Tests.Tokenizers;

/// <summary>Hugging Face's JavaScript tokenizers under node (tests/TokenizerPeer), reading the files that we write.</summary>
internal static class PeerTokenizer
{
    private static readonly string Script = Path.Combine(ArchitectureSources.Root, "tests", "TokenizerPeer", "ids.mjs");

    /// <summary>Why it cannot be asked; null when it can.</summary>
    public static string? Absence =>
        !Directory.Exists(Path.Combine(Path.GetDirectoryName(Script)!, "node_modules", "@huggingface", "tokenizers")) ? "the peer is not installed: npm ci --prefix tests/TokenizerPeer"
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "node"))) ? null
        : "needs node";

    /// <summary>The peer's ids of each text: of a text without special tokens, of a pair with them.</summary>
    public static async Task<List<int[]>> IdsAsync(Tokenizer tokenizer, IEnumerable<string[]> texts)
    {
        using var folder = new TemporaryFolder();
        tokenizer.Save(folder.Path);
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = System.Text.Encoding.UTF8 };
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add(folder.Path);
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        foreach (var text in texts)
            await node.StandardInput.WriteLineAsync(text is [var only] ? Escaped(only) : $"[{string.Join(',', text.Select(Escaped))}]");
        node.StandardInput.Close();
        var lines = await output;
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<int[]>(line)!)];
    }

    // JSON of units, so that half a character arrives as it is.
    private static string Escaped(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var unit in text)
            json = unit is >= ' ' and <= '~' and not '"' and not '\\' ? json.Append(unit) : json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        return json.Append('"').ToString();
    }
}

/// <summary>A test against the peer; skipped with the reason where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute() => Skip = PeerTokenizer.Absence;

    /// <summary>Whether the test reads real data too.</summary>
    public bool NeedsData
    {
        get => false;
        init
        {
            if (value && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("SPARSEROBUST_DATA")))
                Skip ??= "SPARSEROBUST_DATA is not set: it names the folder of the real datasets.";
        }
    }
}
