using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Torch.Tests.Surface;

namespace SparseRobust.Lab.Tests.TorchSharp;

/// <summary>The laboratory is TorchSharp code (ADR 0008): what it uses of SparseRobust.Torch is on the lists of TorchSharp's members.</summary>
public sealed class CompatibilityTests
{
    // These hold our additions to TorchSharp, each with what takes its place there.
    private static readonly Type[] OwnAdditions = [typeof(FusedOperators), typeof(Engine)];

    private static readonly HashSet<string> TorchSharps = [.. SignatureList.Claimed.Signatures, .. SignatureList.More.Signatures];

    [Fact]
    public void The_laboratory_uses_only_members_that_TorchSharp_has() =>
        ArchitectureSources.AssertNone(
            from use in TorchUses.Of(typeof(Laboratory).Assembly)
            where !OwnAdditions.Contains(use.User) && !IsTorchSharps(use.Member)
            group use.User.FullName by Signature.Of(use.Member) into users
            select $"{users.Key} is used by {string.Join(", ", users.Distinct())}: use what claimed.txt and more.txt have, or put the use, with its fallback, into a type of our own additions");

    [Fact]
    public void Our_additions_are_recognised_as_such()
    {
        var additions = TorchUses.Of(typeof(Laboratory).Assembly).Where(use => !IsTorchSharps(use.Member)).Select(use => use.User).Distinct();
        Assert.Equal(OwnAdditions.ToHashSet(), additions.ToHashSet());
    }

    [Fact]
    public void Uses_are_read_out_of_the_code()
    {
        var uses = TorchUses.Of(typeof(Laboratory).Assembly).Select(use => Signature.Of(use.Member)).ToHashSet();
        Assert.Subset(
            uses,
            new HashSet<string> { "torch.Tensor: Void backward()", "torch: DisposeScope NewDisposeScope()", "torch.Tensor: T item()", "torch.nn.Module: IEnumerable<Parameter> parameters(Boolean recurse=True)" });
    }

    private static bool IsTorchSharps(System.Reflection.MemberInfo member) => member is Type type ? Signature.IsBorrowed(type) : TorchSharps.Contains(Signature.Of(member));
}
