using System.Text.Json;

namespace SparseRobust.Lab.Tests.Bias;

/// <summary>Golden numbers under tests/Fixtures, found by walking up from the test's own folder.</summary>
internal static class GoldenFile
{
    public static JsonElement Read(string folder, string name)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "tests", "Fixtures", folder, name);
            if (File.Exists(path))
                return JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        }
        throw new FileNotFoundException($"No tests/Fixtures/{folder}/{name} above {AppContext.BaseDirectory}.");
    }

    public static double[] Doubles(this JsonElement element, string property) => [.. element.GetProperty(property).EnumerateArray().Select(x => x.GetDouble())];
}
