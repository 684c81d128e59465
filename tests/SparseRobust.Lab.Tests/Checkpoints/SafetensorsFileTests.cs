using System.Buffers.Binary;
using System.Text;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        DurableFile.Write(FilePath, stream => SafetensorsWriter.Write(stream, Sample(), new Dictionary<string, string> { ["format"] = "pt" }));
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var tensor in Sample())
        {
            using var due = new MemoryStream();
            tensor.Write(due);
            var bytes = new byte[file[tensor.Name].Length];
            file.Read(tensor.Name, bytes);
            Assert.Equal(due.ToArray(), bytes);
            Assert.Equal(tensor.Shape, file[tensor.Name].Shape);
            Assert.Equal(tensor.DType, file[tensor.Name].DType);
        }

        var part = new byte[2];
        file.Read(file["bias"], 3, part);
        Assert.Equal([3, 4], part);
        Assert.Throws<ArgumentException>(() => file.Read("bias", new byte[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(file["bias"], 7, new byte[2]));
    }

    [Fact]
    public void A_file_without_tensors_is_a_file()
    {
        Write("{}", []);
        using var file = SafetensorsFile.Open(FilePath);
        Assert.Empty(file.Entries);
        Assert.False(file.Contains("a"));
        var thrown = Assert.Throws<LabException>(() => file["a"]);
        Assert.Contains("has no tensor 'a'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_or_a_folder_is_missing()
    {
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => SafetensorsFile.Open(FilePath)).Code);
        Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => SafetensorsFile.Open(_folder.Path)).Code);
    }

    [Theory]
    [InlineData("[]", "a JSON object")]
    [InlineData("{", "valid JSON")]
    [InlineData("{} x", "valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[[[[4]]]],"data_offsets":[0,4]}}""", "valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", "duplicate")]
    [InlineData("""{"__metadata__":{"n":1}}""", "n to be a JSON String, found Number")]
    [InlineData("""{"__metadata__":7}""", "metadata to be a JSON Object")]
    [InlineData("""{"a":4}""", "tensor 'a': expected the tensor to be a JSON Object")]
    [InlineData("""{"a":{"shape":[4],"data_offsets":[0,4]}}""", "tensor 'a': expected a field dtype, found none")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,4]}}""", "a field shape")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4]}}""", "a field data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"extra":1}}""", "found 'extra'")]
    [InlineData("""{"a":{"dtype":"U7","shape":[4],"data_offsets":[0,4]}}""", "found 'U7'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4.5],"data_offsets":[0,4]}}""", "found 4.5")]
    [InlineData("""{"a":{"dtype":"U8","shape":["4"],"data_offsets":[0,4]}}""", "whole numbers")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}""", "dimensions >= 0")]
    [InlineData("""{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""", "fit 63 bits")]
    [InlineData("""{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "63 bits")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,5]}}""", "end <= 4, found [0, 5]")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}""", "found [4, 0]")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[-4,0]}}""", "found [-4, 0]")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}""", "found [0]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "expected 8 bytes for F32 [2], found 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "expected 2 bytes of data")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "there is a hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}""", "tensor 'b': expected data to begin at byte 3, where the tensor before it ends, found 2: tensors overlap")]
    public void Each_fault_of_the_header_is_named(string header, string message)
    {
        Write(header, [1, 2, 3, 4]);
        var thrown = Assert.Throws<LabException>(() => SafetensorsFile.Open(FilePath));
        Assert.Equal(ProblemCode.ArtifactCorrupt, thrown.Code);
        Assert.Contains(FilePath, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0], "at least 8 bytes")]
    [InlineData(new byte[] { 2, 0, 0 }, "at least 8 bytes")]
    [InlineData(new byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 123, 125 }, "a header of at most 2 bytes, found 3")]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123, 125 }, "found 18446744073709551615")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "valid JSON")]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 0, 123, 34, 255, 125 }, "UTF-8")]
    public void A_file_too_short_for_what_it_says_is_refused(byte[] bytes, string message)
    {
        File.WriteAllBytes(FilePath, bytes);
        var thrown = Assert.Throws<LabException>(() => SafetensorsFile.Open(FilePath));
        Assert.Equal(ProblemCode.ArtifactCorrupt, thrown.Code);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_above_the_limit_is_refused_without_reading_it()
    {
        using (var file = new FileStream(FilePath, FileMode.Create))
        {
            var prefix = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, SafetensorsFile.LongestHeader + 1);
            file.Write(prefix);
            file.SetLength(SafetensorsFile.LongestHeader + 1000); // sparse
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("at most 100000000", Assert.Throws<LabException>(() => SafetensorsFile.Open(FilePath)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_file_cut_after_opening_is_refused_on_reading()
    {
        Write("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", [1, 2, 3, 4]);
        using var file = SafetensorsFile.Open(FilePath);
        using (var cut = new FileStream(FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) cut.SetLength(cut.Length - 1);
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => file.Read("a", new byte[4])).Code);
    }

    [Fact]
    public void Two_thousand_mutated_files_are_read_or_refused_and_never_cost_much()
    {
        using var whole = new MemoryStream();
        SafetensorsWriter.Write(whole, Sample(), new Dictionary<string, string> { ["format"] = "pt" });
        var random = new Random(20260102);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            File.WriteAllBytes(FilePath, Mutated(whole.ToArray(), random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (!ReadsAll()) refused++;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        Assert.InRange(refused, 1000, 1999);
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var headerEnd = 8 + BitConverter.ToInt32(bytes);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(random.Next(4) == 0 ? bytes.Length : Math.Min(headerEnd, bytes.Length));
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = (byte)"0123456789-,[]{}\":"[random.Next(18)]; break;
                case 3: bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]]; break;
                default: bytes = [.. bytes[..at], .. bytes[Math.Max(0, at - 20)..]]; break;
            }

            if (bytes.Length == 0) break;
        }

        return bytes;
    }

    private static SafetensorsTensor[] Sample() =>
    [
        SafetensorsTensor.Of("weight", "F32", [2, 3], new byte[24]), SafetensorsTensor.Of("bias", "F16", [4], new byte[] { 0, 1, 2, 3, 4, 5, 6, 7 }),
        SafetensorsTensor.Of("ids", "I64", [1, 2], new byte[16]), SafetensorsTensor.Of("mask", "BOOL", [5], new byte[5]),
        SafetensorsTensor.Of("scalar", "BF16", [], new byte[2]), SafetensorsTensor.Of("none", "U8", [0, 7], ReadOnlyMemory<byte>.Empty),
    ];

    private bool ReadsAll()
    {
        try
        {
            using var file = SafetensorsFile.Open(FilePath);
            foreach (var entry in file.Entries) file.Read(entry.Name, new byte[entry.Length]);
            return true;
        }
        catch (LabException exception) when (exception.Code == ProblemCode.ArtifactCorrupt)
        {
            return false;
        }
    }

    private void Write(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        File.WriteAllBytes(FilePath, [.. prefix, .. json, .. data]);
    }
}
