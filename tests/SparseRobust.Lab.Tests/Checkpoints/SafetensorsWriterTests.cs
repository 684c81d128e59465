using System.Diagnostics;
using System.Text;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    // Reads a file by the format's description alone, with nothing of ours.
    private const string IndependentReader = """
        import json, struct, sys
        data = open(sys.argv[1], 'rb').read()
        n, = struct.unpack('<Q', data[:8])
        header = json.loads(data[8:8 + n])
        assert n % 8 == 0
        begin, end = header['weight']['data_offsets']
        print(header['__metadata__'], header['weight']['dtype'], header['weight']['shape'],
              struct.unpack('<6f', data[8 + n + begin:8 + n + end]))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format_written_by_hand()
    {
        // Format description of huggingface/safetensors; the header is padded with spaces to a multiple of 8.
        const string Header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"m":{"dtype":"U8","shape":[3],"data_offsets":[4,7]}}""";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(padded), 0, 0, 0x80, 0x3f, 7, 8, 9];
        Assert.Equal(expected, Bytes([Tensor("m", "U8", [3], 7, 8, 9), Tensor("a", "F32", [1], 0, 0, 0x80, 0x3f)]));
    }

    [Fact]
    public void Order_of_tensors_does_not_change_the_bytes_and_each_is_aligned()
    {
        SafetensorsTensor[] tensors =
        [
            Tensor("a", "BOOL", [3], 1, 0, 1), Tensor("b", "F64", [1], 1, 2, 3, 4, 5, 6, 7, 8), Tensor("c", "BF16", [1], 1, 2),
            Tensor("B", "F64", [1], 8, 7, 6, 5, 4, 3, 2, 1), Tensor("e", "F32", []  , 1, 2, 3, 4), Tensor("empty", "I64", [0, 5]),
        ];
        var bytes = Bytes(tensors);
        Assert.Equal(bytes, Bytes([.. tensors.Reverse()]));
        Assert.Equal(bytes.Length, SafetensorsWriter.SizeOf(tensors, Format));
        DurableFile.Write(_folder.File("f"), bytes);
        using var file = SafetensorsFile.Open(_folder.File("f"));
        Assert.Equal(["empty", "B", "b", "e", "c", "a"], file.Entries.Select(e => e.Name));
        Assert.All(file.Entries, e => Assert.Equal(0, e.Offset % SafetensorsType.SizeOf(e.DType)));
    }

    [LinuxFact("/usr/bin/python3")]
    public void An_independent_reader_understands_the_file()
    {
        var values = new float[] { 1, -2, 0.5f, 3, 4, 5 };
        var bytes = new byte[24];
        Buffer.BlockCopy(values, 0, bytes, 0, 24);
        DurableFile.Write(_folder.File("f"), Bytes([SafetensorsTensor.Of("weight", "F32", [2, 3], bytes), Tensor("m", "U8", [1], 1)]));
        File.WriteAllText(_folder.File("read.py"), IndependentReader);
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [_folder.File("read.py"), _folder.File("f")]) { RedirectStandardOutput = true })!;
        Assert.Equal("{'format': 'pt'} F32 [2, 3] (1.0, -2.0, 0.5, 3.0, 4.0, 5.0)", python.StandardOutput.ReadToEnd().Trim());
    }

    [Fact]
    public void Tensors_that_are_not_what_they_say_are_a_callers_bug()
    {
        foreach (var wrong in new SafetensorsTensor[][]
        {
            [Tensor("a", "F32", [1], 1, 2, 3)],
            [Tensor("a", "F32", [1], 1, 2, 3, 4, 5)],
            [Tensor("a", "F31", [1], 1, 2, 3, 4)],
            [Tensor("a", "U8", [-1])],
            [Tensor("a", "U8", [long.MaxValue, 2])],
            [Tensor("", "U8", [0])],
            [Tensor("__metadata__", "U8", [0])],
            [Tensor("a", "U8", [0]), Tensor("a", "I8", [0])],
        })
        {
            Assert.Throws<ArgumentException>(() => Bytes(wrong));
        }
    }

    private static readonly Dictionary<string, string> Format = new() { ["format"] = "pt" };

    private static SafetensorsTensor Tensor(string name, string dtype, long[] shape, params byte[] bytes)
        => SafetensorsTensor.Of(name, dtype, shape, bytes);

    private static byte[] Bytes(SafetensorsTensor[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, Format);
        return stream.ToArray();
    }
}
