using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Surface;

/// <summary>
/// Pins what SparseRobust.Torch offers under TorchSharp's names (ADR 0008), so that code written for it is code written for
/// TorchSharp. A claimed signature may not change at all; the rest may change together with more.txt.
/// </summary>
public sealed class SurfaceTests
{
    private static readonly IReadOnlyList<string> Offered = Signature.OfAll(typeof(torch).Assembly);

    [Fact]
    public void Every_claimed_signature_is_offered() =>
        AssertNone(
            SignatureList.Claimed.Signatures.Except(Offered).Select(line => $"{line}\n    now: {Nearest(line)}"),
            "claimed.txt has signatures that SparseRobust.Torch does not offer. TorchSharp declares them so: give the member its name, the order of its arguments and its defaults back.");

    [Fact]
    public void Every_other_public_member_is_listed() =>
        AssertNone(
            Offered.Except(SignatureList.Claimed.Signatures).Except(SignatureList.More.Signatures),
            "SparseRobust.Torch offers members that no list has. TorchSharp's own: add the line to more.txt. Ours: make it internal, or move it to a namespace that TorchSharp has not.");

    [Fact]
    public void Every_listed_member_is_there() =>
        AssertNone(
            SignatureList.More.Signatures.Except(Offered).Select(line => $"{line}\n    now: {Nearest(line)}"),
            "more.txt has members that SparseRobust.Torch does not offer. Gone for good, and not used by the laboratory: delete the line.");

    [Fact]
    public void Nothing_excluded_is_offered() =>
        AssertNone(
            SignatureList.Excluded.Signatures.Intersect(Offered),
            "SparseRobust.Torch offers signatures that excluded.txt has. Move each line to claimed.txt.");

    [Fact]
    public void Every_exclusion_has_its_reason()
    {
        var lines = SignatureList.Excluded.Lines;
        Assert.All(
            Enumerable.Range(0, lines.Count).Where(i => i == 0 || lines[i - 1].Length == 0).Where(i => lines[i].Length > 0),
            i => Assert.StartsWith("# ", lines[i], StringComparison.Ordinal));
    }

    // 241 signatures were taken from the package when the binding was written: each is claimed or excluded, none is forgotten.
    [Fact]
    public void Every_signature_stands_once_and_none_of_TorchSharps_is_lost()
    {
        SignatureList[] lists = [SignatureList.Claimed, SignatureList.Excluded, SignatureList.More];
        AssertNone(lists.SelectMany(list => list.Signatures).GroupBy(line => line).Where(group => group.Count() > 1).Select(group => group.Key), "Signatures stand twice in the lists.");
        Assert.Equal(241, SignatureList.Claimed.Signatures.Count + SignatureList.Excluded.Signatures.Count);
    }

    [Theory]
    [InlineData(nameof(Sample<>.Plain), "Sample<T>: Int64 Plain(Int32 a, Nullable<ScalarType> dtype=null, Reduction reduction=Sum)")]
    [InlineData(nameof(Sample<>.Many), "Sample<T>: Tensor[] Many(IList<Tensor> tensors, Double eps=1E-05, Boolean on=True)")]
    [InlineData(nameof(Sample<>.Value), "Sample<T>: ValueTuple<T,Int32> Value {get;}")]
    public void A_signature_shows_what_callers_depend_on(string member, string expected) =>
        Assert.EndsWith(expected, Signature.Of(Assert.Single(typeof(Sample<>).GetMember(member))), StringComparison.Ordinal);

    // What has the same name and owner is likely what the signature became.
    private static string Nearest(string line)
    {
        var start = line.IndexOf('(', StringComparison.Ordinal) is >= 0 and var open ? line[..open] : line.Split(" {")[0];
        var name = start.Split(' ')[^1];
        var owner = line.Split(": ")[0];
        var found = Offered.Where(other => other.StartsWith(owner + ": ", StringComparison.Ordinal) && other.Split(' ', '(').Contains(name)).ToList();
        return found.Count == 0 ? "nothing of that name" : string.Join("\n         ", found);
    }

    private static void AssertNone(IEnumerable<string> faults, string advice)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, $"{advice}\n{string.Join('\n', all)}");
    }

    private sealed class Sample<T>
    {
        public (T Item, int Count) Value { get; private set; }

        public static long Plain(int a, ScalarType? dtype = null, nn.Reduction reduction = nn.Reduction.Sum) => a;

        public static Tensor[] Many(IList<Tensor> tensors, double eps = 1e-5, bool on = true) => [.. tensors];
    }
}
