using System.Runtime.InteropServices;
using SparseRobust.Torch.Interop;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Functions;

public sealed class FromFileTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.bin");

    public FromFileTests() => File.WriteAllBytes(_file, MemoryMarshal.AsBytes<float>([1, 2, 4]).ToArray());

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void A_files_elements_are_the_tensors()
    {
        Golden.Near([1, 2, 4], from_file(_file, size: 3));
        Assert.Equal([0x3F800000, 0x40000000], from_file(_file, false, 2, int32).data<int>().ToArray());
        Assert.True(from_file(_file, size: 3, requires_grad: true).requires_grad);
    }

    [Theory]
    [InlineData(true, 8f)]
    [InlineData(false, 2f)]
    [InlineData(null, 2f)]
    public void Changes_reach_the_file_only_when_shared(bool? shared, float expected)
    {
        using (var mapped = from_file(_file, shared, 3))
            mapped.mul_(4);
        Assert.Equal(expected, BitConverter.ToSingle(File.ReadAllBytes(_file), sizeof(float)));
    }

    [Fact]
    public void A_missing_file_is_an_exception() =>
        Assert.Contains("No such file", Assert.Throws<TorchException>(() => from_file(_file + ".none", size: 3)).Message);
}
