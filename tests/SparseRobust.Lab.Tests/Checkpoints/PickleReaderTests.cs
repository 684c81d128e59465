using System.Text;
using System.Text.Json;
using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Bias;

namespace SparseRobust.Lab.Tests.Checkpoints;

public class PickleReaderTests
{
    private static readonly JsonElement Golden = GoldenFile.Read("bias", "pickles.json");
    private static readonly double[][] Values = [.. Golden.GetProperty("values").EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetDouble()).ToArray())];

    public static TheoryData<string> Names => [.. AllNames];

    private static string[] AllNames => [.. Golden.GetProperty("cases").EnumerateArray().Select(@case => @case.GetProperty("name").GetString()!)];

    public static byte[] Bytes(string name) => Golden.GetProperty("cases").EnumerateArray().Single(@case => @case.GetProperty("name").GetString() == name).GetProperty("bytes").GetBytesFromBase64();

    [Theory]
    [MemberData(nameof(Names))]
    public void What_python_pickled_comes_back(string name)
    {
        var result = Read(Bytes(name));
        if (result is NumpyPickle.ArrayInMaking { Array: { } array })
        {
            Assert.Equal([3, 3], array.Shape);
            Assert.Equal(Values.SelectMany(row => row), array.Values);
            return;
        }
        var rows = Assert.IsType<Dictionary<object, object?>>(result);
        Assert.Equal(["a1", 7L, "c"], rows.Keys);
        Assert.Equal(Values, rows.Values.Select(row => row switch
        {
            NumpyPickle.ArrayInMaking { Array: { } numbers } => numbers.Values,
            List<object?> list => [.. list.Cast<double>()],
            _ => ((object?[])row!).Cast<double>().ToArray(),
        }));
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system")]
    [InlineData("cbuiltins\neval\n(S'1'\ntR.", "builtins.eval")]
    [InlineData("cnumpy\nload\n(S'x'\ntR.", "numpy.load")]
    [InlineData("c_codecs\ndecode\n(S'x'\nS'latin1'\ntR.", "_codecs.decode")]
    [InlineData("c_codecs\nencode\n(S'x'\nS'zip'\ntR.", "Encode")]
    [InlineData("\x80\x04\x8c\x05posix\x8c\x06system\x93.", "posix.system")]
    [InlineData("(ios\nsystem\n.", "opcode 0x69")]
    [InlineData("Pid\n.", "opcode 0x50")]
    [InlineData("N)\x81.", "opcode 0x81")]
    [InlineData("\x82\x01.", "opcode 0x82")]
    public void A_name_or_opcode_outside_the_list_is_refused_and_named(string pickle, string named)
    {
        var fault = Assert.Throws<FormatException>(() => Read(Encoding.Latin1.GetBytes(pickle)));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("N")]
    [InlineData("NN.")]
    [InlineData("(.")]
    [InlineData("t.")]
    [InlineData("Na.")]
    [InlineData("}Ns.")]
    [InlineData("}N(KN\x01u.")]
    [InlineData("}]Ns.")]
    [InlineData("h\x05.")]
    [InlineData("Ixyz\n.")]
    [InlineData("NR.")]
    [InlineData("N)R.")]
    [InlineData("NNb.")]
    [InlineData("B\xff\xff\xff\xff.")]
    [InlineData("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.")]
    [InlineData("\x8d\xff\xff\xff\xff\xff\xff\xff\xff.")]
    [InlineData("T\xff\xff\xff\xff.")]
    public void A_pickle_that_contradicts_itself_is_refused(string pickle) => Assert.Throws<FormatException>(() => Read(Encoding.Latin1.GetBytes(pickle)));

    [Fact]
    public void An_array_may_not_claim_more_than_its_bytes()
    {
        var text = Encoding.Latin1.GetString(Bytes("python2"));
        Assert.Throws<FormatException>(() => Read(Encoding.Latin1.GetBytes(text.Replace("K\x01K\x03\x85", "K\x01J\xff\xff\xff\x7f\x85", StringComparison.Ordinal))));
        Assert.Throws<FormatException>(() => Read(Encoding.Latin1.GetBytes(text.Replace("f4", "O8", StringComparison.Ordinal))));
    }

    [Fact]
    public void Integers_and_nested_values_are_read_as_python_wrote_them()
    {
        Assert.Equal(-1L, Read([0x8a, 1, 0xff, (byte)'.']));
        Assert.Equal(0L, Read([0x8a, 0, (byte)'.']));
        Assert.Equal(long.MinValue, Read([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, (byte)'.']));
        Assert.Equal([1L, true, null, "é\n", "a\u0001'"], (List<object?>)Read(Encoding.Latin1.GetBytes("(L1L\nI01\nNV\\u00e9\\u000a\nS'a\\x01\\''\nl."))!);
    }

    [Fact]
    public void Two_thousand_mutations_are_read_or_refused()
    {
        var seeds = AllNames.Select(Bytes).ToArray();
        var random = SplitMix64.From(20221011);
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var bytes = (byte[])seeds[i % seeds.Length].Clone();
            for (var change = random.Next(4); change >= 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                Read(bytes);
            }
            catch (FormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 500, 1999);
    }

    private static object? Read(byte[] bytes) => PickleReader.Read(bytes, new NumpyPickle(reason => new FormatException(reason)));
}
