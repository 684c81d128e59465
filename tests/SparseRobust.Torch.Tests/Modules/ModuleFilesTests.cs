using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

public sealed class ModuleFilesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.dat");

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_file);
    }

    // LEB128 numbers: entries; name; type 6 (Float32); dimensions; sizes; little-endian bytes.
    [Fact]
    public void A_saved_module_has_the_bytes_of_the_format()
    {
        using var module = nn.Linear(new Parameter(tensor(new[,] { { 1f, -2f } })), new Parameter(tensor(new[] { 0.5f })));
        using var stream = new MemoryStream();
        module.save(stream);
        byte[] expected =
        [
            2, 6, .. "weight"u8, 6, 2, 1, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
            4, .. "bias"u8, 6, 1, 1, 0, 0, 0, 0x3F,
        ];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void A_size_above_127_takes_two_bytes()
    {
        using var module = nn.Linear(300, 1, hasBias: false);
        using var stream = new MemoryStream();
        module.save(stream);
        Assert.Equal([1, 6, .. "weight"u8, 6, 2, 1, 0xAC, 0x02], stream.ToArray()[..13]);
        Assert.Equal(13 + (300 * sizeof(float)), stream.Length);
    }

    [Fact]
    public void A_loaded_module_equals_the_saved_one_and_the_stream_goes_on()
    {
        using var saved = Net();
        using var loaded = Net();
        using var stream = new MemoryStream();
        saved.save(stream);
        stream.WriteByte(77);
        stream.Position = 0;
        Assert.Same(loaded, loaded.load(stream));
        Assert.Equal(77, stream.ReadByte());
        Assert.All(saved.state_dict(), entry => Assert.True(entry.Value.equal(loaded.state_dict()[entry.Key])));
        Assert.All(loaded.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
    }

    [Fact]
    public void A_file_overwrites_a_longer_one()
    {
        File.WriteAllBytes(_file, new byte[10_000]);
        using var saved = Net();
        using var loaded = Net();
        saved.save(_file);
        loaded.load(_file);
        Assert.True(new FileInfo(_file).Length < 10_000);
        Assert.True(saved.get_parameter("0.weight")!.equal(loaded.get_parameter("0.weight")!));
    }

    [Fact]
    public void Names_that_do_not_fit_are_refused_unless_not_strict()
    {
        using var saved = Net();
        using var other = nn.Sequential(("0", nn.Linear(3, 2)), ("last", nn.Linear(2, 2)));
        saved.save(_file);
        var before = other.get_parameter("0.weight")!.clone();
        var error = Assert.Throws<ArgumentException>(() => other.load(_file));
        Assert.Contains("missing [last.weight, last.bias], unexpected [1.weight, 1.bias]", error.Message);
        Assert.True(before.equal(other.get_parameter("0.weight")!));
        var loaded = new Dictionary<string, bool>();
        other.load(_file, strict: false, loadedParameters: loaded);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], loaded.Keys);
        Assert.Equal([true, true, false, false], loaded.Values);
        Assert.True(saved.get_parameter("0.weight")!.equal(other.get_parameter("0.weight")!));
    }

    [Fact]
    public void Skipped_names_are_neither_written_nor_overwritten()
    {
        using var saved = Net();
        using var loaded = Net();
        var before = loaded.get_parameter("1.bias")!.clone();
        saved.save(_file);
        loaded.load(_file, skip: ["1.bias"]);
        Assert.True(before.equal(loaded.get_parameter("1.bias")!));
        Assert.True(saved.get_parameter("1.weight")!.equal(loaded.get_parameter("1.weight")!));
        saved.save(_file, skip: ["1.bias"]);
        Assert.Contains("missing [1.bias]", Assert.Throws<ArgumentException>(() => loaded.load(_file)).Message);
    }

    [Fact]
    public void Values_that_do_not_fit_leave_the_module_as_it_was()
    {
        using var saved = nn.Linear(2, 2);
        using var wider = nn.Linear(3, 2);
        using var finer = nn.Linear(2, 2, dtype: float64);
        saved.save(_file);
        var before = finer.weight.clone();
        Assert.Contains("'weight' has the shape [2, 3]", Assert.Throws<ArgumentException>(() => wider.load(_file)).Message);
        Assert.Contains("'weight' has the type Float64", Assert.Throws<ArgumentException>(() => finer.load(_file)).Message);
        using var cut = new MemoryStream(File.ReadAllBytes(_file)[..^1]);
        var weight = saved.weight.clone();
        Assert.Throws<EndOfStreamException>(() => saved.load(cut));
        Assert.True(before.equal(finer.weight));
        Assert.True(weight.equal(saved.weight));
        Assert.Throws<FileNotFoundException>(() => saved.load(_file + ".none"));
    }

    private static Sequential Net() => nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2));
}
