using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SparseRobust.Web.Tests.Pretrained;

/// <summary>The files of a tiny BERT: 2 layers, 16 wide, 24 words.</summary>
internal static class ModelFixture
{
    public static byte[] Config { get; } = File.ReadAllBytes(Path.Combine(Checkout.Root, "tests", "Fixtures", "bert", "config.json"));

    public static byte[] Weights { get; } = File.ReadAllBytes(Path.Combine(Checkout.Root, "tests", "Fixtures", "bert", "model.safetensors"));

    public static byte[] Words { get; } = Encoding.UTF8.GetBytes("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Concat(Enumerable.Range(5, 19).Select(i => $"w{i}\n")));

    /// <summary>A repository with what is kept and what is not.</summary>
    public static Dictionary<string, byte[]> Files() => new(StringComparer.Ordinal)
    {
        [".gitattributes"] = "*.bin filter=lfs"u8.ToArray(), ["README.md"] = "# Tiny"u8.ToArray(), ["config.json"] = Config, ["model.safetensors"] = Weights, ["vocab.txt"] = Words,
        ["tf_model.h5"] = [1, 2, 3], ["onnx/model.onnx"] = [1, 2, 3],
    };

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The same configuration, one member changed.</summary>
    public static byte[] ConfigWith(string member, JsonNode value)
    {
        var config = JsonNode.Parse(Config)!.AsObject();
        config[member] = value;
        return Encoding.UTF8.GetBytes(config.ToJsonString());
    }

    /// <summary>The weights as two files and an index.</summary>
    public static Dictionary<string, byte[]> Shards()
    {
        var length = (int)BitConverter.ToInt64(Weights);
        var header = JsonNode.Parse(Weights.AsSpan(8, length))!.AsObject();
        header.Remove("__metadata__");
        var map = new JsonObject();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var name = $"model-0000{i + 1}-of-00002.safetensors";
            var (part, data) = (new JsonObject(), new MemoryStream());
            foreach (var (tensor, entry) in header.Where((_, at) => at % 2 == i))
            {
                var (from, to) = ((int)entry!["data_offsets"]![0]!, (int)entry["data_offsets"]![1]!);
                part[tensor] = new JsonObject { ["dtype"] = (string?)entry["dtype"], ["shape"] = entry["shape"]!.DeepClone(), ["data_offsets"] = new JsonArray((int)data.Length, (int)data.Length + to - from) };
                data.Write(Weights.AsSpan(8 + length + from, to - from));
                map[tensor] = name;
            }
            var json = Encoding.UTF8.GetBytes(part.ToJsonString());
            files[name] = [.. BitConverter.GetBytes((long)json.Length), .. json, .. data.ToArray()];
        }
        files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes(new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
        return files;
    }

    public static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return packed.ToArray();
    }

    public static void Write(string folder, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }
}
