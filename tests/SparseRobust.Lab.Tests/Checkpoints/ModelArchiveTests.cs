using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class ModelArchiveTests : IDisposable
{
    private const long Most = 1 << 20;

    private static readonly (string Name, string Content)[] Whole = [("config.json", "{}"), ("vocab.txt", "[PAD]\n"), ("model.safetensors", "weights"), ("training_args.bin", "left out"), ("sub/config.txt", "left out")];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Layouts => new()
    {
        { "zip", "" }, { "zip", "bert/" }, { "tar", "" }, { "tar", "./" }, { "tar", "bert/" }, { "tgz", "bert/" }, { "tgz", "./bert/" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_files_of_a_model_are_taken_and_the_rest_is_left(string format, string prefix)
    {
        var files = Extract(Packed(format, [.. Whole.Select(file => (prefix + file.Name, file.Content))]));
        Assert.Equal(["config.json", "model.safetensors", "vocab.txt"], files.Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["config.json", "model.safetensors", "vocab.txt"], Written);
        Assert.Equal("weights", File.ReadAllText(_folder.File("out", "model.safetensors")));
        Assert.All(files, file => Assert.Equal(ModelFiles.Measure(_folder.File("out"), file.Name, CancellationToken.None), file));
    }

    [Theory]
    [InlineData("../vocab.txt")]
    [InlineData("bert/../../vocab.txt")]
    [InlineData("/tmp/vocab.txt")]
    [InlineData("bert//vocab.txt")]
    [InlineData("C:vocab.txt")]
    [InlineData("bert\\vocab.txt")]
    public void A_name_that_leads_elsewhere_is_refused_before_anything_is_written(string name)
    {
        foreach (var format in new[] { "zip", "tar" })
            Refused(Packed(format, [.. Whole, (name, "x")]), "not a plain relative name");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tgz")]
    public void A_file_that_is_there_twice_is_refused(string format) => Refused(Packed(format, [.. Whole, ("vocab.txt", "other")]), "twice");

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void Links_and_devices_are_refused(TarEntryType type)
    {
        var path = _folder.File("links.tar");
        using (var tar = new TarWriter(File.Create(path), TarEntryFormat.Pax))
        {
            Write(tar, Whole);
            var entry = new PaxTarEntry(type, "tokenizer.json");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                entry.LinkName = "/etc/passwd";
            tar.WriteEntry(entry);
        }
        Refused(path, "link or a special file");
    }

    [Fact]
    public void A_link_in_a_zip_is_refused()
    {
        var path = Packed("zip", Whole);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
            zip.CreateEntry("tokenizer.json").ExternalAttributes = 0xA1FF << 16;
        Refused(path, "link or a special file");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tgz")]
    public void A_bomb_is_refused(string format) => Refused(Packed(format, [("config.json", "{}"), ("model.safetensors", new string('0', (int)Most + 1))]), "taken");

    [Fact]
    public void A_bomb_that_lies_about_its_size_is_stopped_while_it_is_written()
    {
        var path = Packed("zip", [("config.json", "{}"), ("model.safetensors", new string('0', 300_000))]);
        var bytes = File.ReadAllBytes(path);
        // The size in the central directory, which is what a reader goes by, is made small.
        var name = bytes.AsSpan().LastIndexOf("model.safetensors"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(name - 46 + 24), 1_000);
        File.WriteAllBytes(path, bytes);
        Assert.Equal(ProblemCode.ModelInvalid, Assert.Throws<LabException>(() => Extract(path)).Code);
        Assert.InRange(new FileInfo(_folder.File("out", "model.safetensors")) is { Exists: true } file ? file.Length : 0, 0, 1_000);
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var path = _folder.File("changed.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
            foreach (var (name, content) in Whole)
                using (var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open())
                    stream.Write(Encoding.UTF8.GetBytes(content));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("weights"u8)]++;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("model.safetensors", Assert.Throws<LabException>(() => Extract(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_a_gigabyte_is_not_read()
    {
        var path = _folder.File("name.tar.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            var header = new byte[512];
            Encoding.ASCII.GetBytes("././@LongLink").CopyTo(header, 0);
            Encoding.ASCII.GetBytes("0000644\0").CopyTo(header, 100);
            Encoding.ASCII.GetBytes("0000000\0").CopyTo(header, 108);
            Encoding.ASCII.GetBytes("0000000\0").CopyTo(header, 116);
            Encoding.ASCII.GetBytes("04000000000\0").CopyTo(header, 124);
            Encoding.ASCII.GetBytes("00000000000\0").CopyTo(header, 136);
            header[156] = (byte)'L';
            Encoding.ASCII.GetBytes("ustar  \0").CopyTo(header, 257);
            Encoding.ASCII.GetBytes("        ").CopyTo(header, 148);
            Encoding.ASCII.GetBytes($"{Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
            gzip.Write(header);
            gzip.Write(new byte[4 << 20]);
        }
        Refused(path, "");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tgz")]
    public void An_archive_that_was_cut_short_is_refused(string format)
    {
        var path = Packed(format, Whole);
        using (var file = File.OpenWrite(path))
            file.SetLength(format == "tar" ? 700 : file.Length / 2);
        Refused(path, "");
    }

    [Theory]
    [InlineData("no archive at all")]
    [InlineData("PK but no zip")]
    public void What_is_no_archive_is_refused(string content)
    {
        File.WriteAllText(_folder.File("nonsense"), content);
        Refused(_folder.File("nonsense"), "");
    }

    [Fact]
    public void Two_models_in_one_archive_are_refused() => Refused(Packed("zip", [("a/config.json", "{}"), ("b/config.json", "{}")]), "a/config.json, b/config.json");

    [Fact]
    public void An_archive_of_very_many_files_is_refused() =>
        Refused(Packed("tgz", [.. Enumerable.Range(0, 10_001).Select(i => (FormattableString.Invariant($"file{i}"), ""))]), "10000 entries");

    public void Dispose() => _folder.Dispose();

    private string[] Written => Directory.Exists(_folder.File("out")) ? [.. Directory.GetFiles(_folder.File("out")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    private IReadOnlyList<ImportedFile> Extract(string path) => ModelArchive.Extract(path, Directory.CreateDirectory(_folder.File("out")).FullName, Most, CancellationToken.None);

    private void Refused(string path, string expected)
    {
        var refusal = Assert.Throws<LabException>(() => Extract(path));
        Assert.Equal(ProblemCode.ModelInvalid, refusal.Code);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Written);
    }

    private string Packed(string format, (string Name, string Content)[] files)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.{format}");
        if (format == "zip")
        {
            using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
            foreach (var (name, content) in files)
                using (var stream = zip.CreateEntry(name).Open())
                    stream.Write(Encoding.UTF8.GetBytes(content));
            return path;
        }
        using var target = File.Create(path);
        using Stream packed = format == "tgz" ? new GZipStream(target, CompressionLevel.Fastest) : target;
        using var tar = new TarWriter(packed, TarEntryFormat.Pax);
        Write(tar, files);
        return path;
    }

    private static void Write(TarWriter tar, (string Name, string Content)[] files)
    {
        foreach (var (name, content) in files)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
    }
}
