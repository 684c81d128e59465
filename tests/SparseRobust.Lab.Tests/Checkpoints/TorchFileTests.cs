using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class TorchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. TorchFiles.Names];

    private string FilePath => _folder.File("pytorch_model.bin");

    [Theory]
    [MemberData(nameof(Names))]
    public void What_pytorch_saved_comes_back(string name)
    {
        using var file = Open(TorchFiles.Bytes(name));
        Assert.Equal(TorchFiles.Tensors(name).Select(tensor => tensor.Name).Order(StringComparer.Ordinal), file.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var (tensor, dtype, shape, values) in TorchFiles.Tensors(name))
        {
            using var scope = NewDisposeScope();
            var read = file.Read(tensor);
            Assert.Equal(dtype, read.dtype switch { ScalarType.Byte => "uint8", ScalarType.BFloat16 => "bfloat16", var type => type.ToString().ToLowerInvariant() });
            Assert.Equal(shape, read.shape);
            Assert.Equal(shape, file.Tensors.Single(stored => stored.Name == tensor).Shape);
            Assert.Equal(values, read.to_type(ScalarType.Float64).data<double>().ToArray());
        }
    }

    [Fact]
    public void A_model_saved_by_pytorch_is_a_model_of_ours()
    {
        using var stored = new TinyWeights();
        var due = TinyBert.Logits(stored.Model);
        var storages = stored.Model.named_parameters().Select((entry, i) => ($"archive/data/{i}", entry.parameter.bytes.ToArray()));
        var pickle = new StringBuilder("\u0080\u0002}(");
        foreach (var ((name, parameter), i) in stored.Model.named_parameters().Select((entry, i) => (entry, i)))
        {
            var (shape, strides) = (parameter.shape, parameter.shape.Length == 2 ? new[] { parameter.shape[1], 1 } : [1]);
            pickle.Append(System.Globalization.CultureInfo.InvariantCulture, $"V{name}\nctorch._utils\n_rebuild_tensor_v2\n((Vstorage\nctorch\nFloatStorage\nV{i}\nVcpu\nI{parameter.numel()}\ntQI0\n({Tuple(shape)}t({Tuple(strides)}tI01\nNtR");
        }
        File.Delete(stored.File(ModelFolder.WeightsFile));
        File.WriteAllBytes(stored.File("pytorch_model.bin"), TorchFiles.Zip([("archive/data.pkl", Encoding.Latin1.GetBytes(pickle.Append("u.").ToString())), .. storages]));
        using var loaded = ModelFolder.Load(stored.Path, CPU);
        loaded.eval();
        Assert.Equal(due, TinyBert.Logits(loaded));

        static string Tuple(long[] numbers) => string.Concat(numbers.Select(number => $"I{number}\n"));
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system")]
    [InlineData("cbuiltins\neval\n(S'1'\ntR.", "builtins.eval")]
    [InlineData("cposix\nsystem\n.", "posix.system")]
    [InlineData("ctorch._utils\n_rebuild_qtensor\n.", "torch._utils._rebuild_qtensor")]
    [InlineData("ctorch\nload\n.", "torch.load")]
    [InlineData("ctorch\nComplexFloatStorage\n.", "torch.ComplexFloatStorage")]
    [InlineData("\u0080\u0004\u008c\u0008builtins\u008c\u0007getattr\u0093.", "builtins.getattr")]
    [InlineData("ctransformers.models.bert\nBertModel\n.", "save model.state_dict()")]
    [InlineData("(ios\nsystem\n.", "opcode 0x69")]
    [InlineData("Pid\n.", "opcode 0x50")]
    [InlineData("N)\u0081.", "opcode 0x81")]
    [InlineData("\u0082\u0001.", "opcode 0x82")]
    [InlineData("N.", "no dict of tensors by name")]
    [InlineData("}U\u000cstate_dict\u0000\u0000}s.", "is no tensor")]
    [InlineData("}U\u0005stepsK\u0005s.", "\"steps\" is no tensor")]
    [InlineData("}K\u0005Ns.", "may only be a string")]
    [InlineData("NQ.", "outside itself")]
    [InlineData("ccollections\nOrderedDict\nK\u0001\u0085R.", "calls OrderedDict with arguments that PyTorch does not write")]
    [InlineData("}Nb.", "a state that a dict of tensors does not have")]
    [InlineData("X\u00ff\u00ff\u00ff\u007f.", "claims 2147483647 bytes")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.", "bytes, at byte")]
    public void A_pickle_that_is_more_or_less_than_tensors_is_refused_by_name(string pickle, string expected)
    {
        Refused(TorchFiles.Archive(pickle), expected);
    }

    [Theory]
    [InlineData("K\u0001K\u0002K\u0003\u0086K\u0003K\u0001\u0086\u0089N", "reaches beyond the 6 numbers of storage \"0\"")]
    [InlineData("K\u0000K\u0002K\u0003\u0086K\u0004K\u0001\u0086\u0089N", "reaches beyond")]
    [InlineData("K\u0000J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f\u0086J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f\u0086\u0089N", "reaches beyond")]
    [InlineData("\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fK\u0002\u0085\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u0085\u0089N", "reaches beyond")]
    [InlineData("J\u00ff\u00ff\u00ff\u00ffK\u0002\u0085K\u0001\u0085\u0089N", "offset -1")]
    [InlineData("K\u0000J\u00ff\u00ff\u00ff\u00ff\u0085K\u0001\u0085\u0089N", "has shape [-1]")]
    [InlineData("K\u0000K\u0002\u0085J\u00ff\u00ff\u00ff\u00ff\u0085\u0089N", "strides [-1]")]
    [InlineData("K\u0000K\u0002\u0085)\u0089N", "has shape [2], strides []")]
    [InlineData("K\u0000N\u0085K\u0001\u0085\u0089N", "no number")]
    public void A_tensor_that_is_not_inside_its_storage_is_refused(string tuple, string expected) => Refused(TorchFiles.Archive(TorchFiles.Pickle(tuple)), expected);

    [Theory]
    [InlineData("ctorch\nFloatStorage\nU\u00011U\u0003cpuK\u0006", "lies in storage \"1\", which is not there")]
    [InlineData("ctorch\nFloatStorage\nU\u00010U\u0003cpuK\u0007", "of 7 F32, which has 24 bytes")]
    [InlineData("ctorch\nDoubleStorage\nU\u00010U\u0003cpuK\u0006", "of 6 F64, which has 24 bytes")]
    [InlineData("ctorch\nFloatStorage\nU\u00010U\u0003cpu\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "of 9223372036854775807 F32")]
    [InlineData("ctorch\nFloatStorage\nU\u00010U\u0003cpuJ\u00ff\u00ff\u00ff\u00ff", "no storage of numbers")]
    [InlineData("ccollections\nOrderedDict\nU\u00010U\u0003cpuK\u0006", "no storage of numbers")]
    public void A_storage_that_is_not_as_the_pickle_says_is_refused(string storage, string expected) => Refused(TorchFiles.Archive(TorchFiles.Pickle(storage: storage)), expected);

    [Fact]
    public void A_repeated_number_is_not_made_a_giant_until_it_is_read()
    {
        using var file = Open(TorchFiles.Archive(TorchFiles.Pickle("K\u0000J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f\u0086K\u0000K\u0000\u0086\u0089N")));
        Assert.Equal([int.MaxValue, int.MaxValue], file.Tensors.Single().Shape);
        Assert.Contains("more than 2147483647 bytes", Assert.Throws<LabException>(() => file.Read("w")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_however_deep_costs_no_stack()
    {
        Refused(TorchFiles.Archive(new string('(', 1_000_000) + new string('t', 1_000_000) + "."), "no dict of tensors");
        Refused(TorchFiles.Archive("]" + string.Concat(Enumerable.Repeat("]a", 500_000)) + "."), "no dict of tensors");
    }

    [Fact]
    public void A_pickle_of_many_megabytes_is_not_read() => Refused(TorchFiles.Archive(new string(']', (2 << 20) + 1)), "2097153 bytes, where at most 2097152 are read");

    [Fact]
    public void Recalled_objects_are_shared_and_not_copied()
    {
        // Each list holds the one before twice: 2^60 leaves for whoever would walk them.
        var doubling = new StringBuilder("]q\0");
        for (var i = 1; i <= 60; i++)
            doubling.Append("](h").Append((char)(i - 1)).Append('h').Append((char)(i - 1)).Append("eq").Append((char)i);
        Refused(TorchFiles.Archive(doubling.Append("0.").ToString()), "objects instead of one");
    }

    [Theory]
    [InlineData("archive/../data/1", "leads out of a folder")]
    [InlineData("../x", "leads out of a folder")]
    [InlineData("/etc/x", "leads out of a folder")]
    [InlineData("a\\b", "leads out of a folder")]
    [InlineData("archive/data/0", "twice")]
    [InlineData("other/data.pkl", "2 data.pkl")]
    [InlineData("archive/constants.pkl", "TorchScript")]
    [InlineData("archive/byteorder", "byte order is \"\u0000")]
    public void An_archive_with_what_pytorch_does_not_write_is_refused(string name, string expected) =>
        Refused(TorchFiles.Archive(TorchFiles.Pickle(), (name, new byte[4])), expected.Replace('\0', '?'));

    [Fact]
    public void Compressed_archives_are_refused_however_large_they_say_they_are() =>
        Refused(TorchFiles.Zip([("archive/data.pkl", new byte[1 << 20])], CompressionLevel.SmallestSize), "compressed, or says that its");

    [Theory]
    [InlineData(20, "is compressed, or says that its")]
    [InlineData(24, "is compressed, or says that its")]
    [InlineData(42, "lies outside it")]
    public void A_directory_that_lies_about_an_entry_is_refused(int field, string expected)
    {
        var bytes = TorchFiles.Archive(TorchFiles.Pickle());
        var entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + field), 1_000_000);
        Refused(bytes, expected);
    }

    [Fact]
    public void Entries_that_lie_over_one_another_are_refused()
    {
        var bytes = TorchFiles.Archive(TorchFiles.Pickle());
        var (local, entry) = (bytes.AsSpan().IndexOf("PK\u0003\u0004"u8), bytes.AsSpan().IndexOf("PK\u0001\u0002"u8));
        foreach (var place in new[] { entry + 20, entry + 24, local + 18, local + 22 })
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(place), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(place)) + 20);
        Refused(bytes, "lies in another one's bytes");
    }

    [Theory]
    [InlineData("plain", 10, "is cut")]
    [InlineData("plain, before 1.6", 1, "it claims")]
    [InlineData("plain, before 1.6", 300, "ends")]
    public void A_file_cut_short_is_refused(string name, int missing, string expected) => Refused(TorchFiles.Bytes(name)[..^missing], expected);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 80, 75 })]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 })]
    public void Another_kind_of_file_is_refused(byte[] bytes) => Refused(bytes, "neither as a zip archive nor");

    [Fact]
    public void An_older_file_of_another_protocol_or_with_lying_storages_is_refused()
    {
        var text = Encoding.Latin1.GetString(TorchFiles.Bytes("shared storage, before 1.6"));
        Refused(Encoding.Latin1.GetBytes(text.Replace("M\u00e9\u0003.", "M\u00e8\u0003.", StringComparison.Ordinal)), "protocol is not 1001");
        Refused(Encoding.Latin1.GetBytes(text.Replace("\u000a\0\0\0\0\0\0\0", "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", StringComparison.Ordinal)), "it claims 9223372036854775807");
        Refused(Encoding.Latin1.GetBytes(text.Replace("\u000a\0\0\0\0\0\0\0", "\u000b\0\0\0\0\0\0\0", StringComparison.Ordinal)), "it claims 11");
    }

    [Fact]
    public void A_file_that_is_not_there_is_missing() => Assert.Equal(ProblemCode.ArtifactMissing, Assert.Throws<LabException>(() => TorchFile.Open(FilePath)).Code);

    public void Dispose() => _folder.Dispose();

    private TorchFile Open(byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        return TorchFile.Open(FilePath);
    }

    private void Refused(byte[] bytes, string expected)
    {
        var error = Assert.Throws<LabException>(() => Open(bytes));
        Assert.Equal(ProblemCode.ArtifactCorrupt, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
    }
}
