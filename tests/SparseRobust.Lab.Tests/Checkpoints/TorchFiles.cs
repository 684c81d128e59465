using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace SparseRobust.Lab.Tests.Checkpoints;

/// <summary>Files that PyTorch saved (tests/Fixtures/checkpoints, with the script that made them), and archives of whatever pickle a test wants.</summary>
internal static class TorchFiles
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(RepositoryFiles.Fixture("checkpoints", "torch_files.json"))).RootElement.GetProperty("cases");

    public static IEnumerable<string> Names => Golden.EnumerateArray().Select(@case => @case.GetProperty("name").GetString()!);

    public static byte[] Bytes(string name) => Case(name).GetProperty("bytes").GetBytesFromBase64();

    /// <summary>What Python had in it.</summary>
    public static IEnumerable<(string Name, string DType, long[] Shape, double[] Values)> Tensors(string name) =>
        Case(name).GetProperty("tensors").EnumerateObject().Select(tensor => (
            tensor.Name,
            tensor.Value.GetProperty("dtype").GetString()!,
            tensor.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64()).ToArray(),
            tensor.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).ToArray()));

    /// <summary>An archive as PyTorch writes it, of a pickle (a character for each byte) and storages.</summary>
    public static byte[] Archive(string pickle, params (string Name, byte[] Bytes)[] more) =>
        Zip([("archive/data.pkl", Encoding.Latin1.GetBytes(pickle)), ("archive/data/0", new byte[24]), ("archive/version", "3\n"u8.ToArray()), .. more]);

    public static byte[] Zip(IEnumerable<(string Name, byte[] Bytes)> entries, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create))
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        return bytes.ToArray();
    }

    /// <summary>A state dict of one tensor "w" of 6 float32 in storage 0.</summary>
    /// <param name="tuple">What follows the storage in the call: "K\0" offset, then shape, strides.</param>
    /// <param name="storage">The storage's type, key, place and count.</param>
    public static string Pickle(string tuple = "K\0K\u0002K\u0003\u0086K\u0003K\u0001\u0086\u0089ccollections\nOrderedDict\n)R", string storage = "ctorch\nFloatStorage\nU\u00010U\u0003cpuK\u0006") =>
        $"\u0080\u0002}}U\u0001wctorch._utils\n_rebuild_tensor_v2\n((U\u0007storage{storage}tQ{tuple}tRs.";

    private static JsonElement Case(string name) => Golden.EnumerateArray().Single(@case => @case.GetProperty("name").GetString() == name);
}
