using System.Reflection;
using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch.Tests.Interop;

public class OpsTests
{
    [Fact]
    public void Every_operator_exists_in_the_dispatcher()
    {
        Native.Load();
        var unknown = new List<string>();
        foreach (var field in typeof(Ops).GetFields(BindingFlags.Static | BindingFlags.NonPublic))
        {
            var op = (Operator)field.GetValue(null)!;
            try
            {
                Assert.NotEqual(0, op.Handle);
            }
            catch (TorchException)
            {
                unknown.Add(op.Name);
            }
        }
        Assert.Empty(unknown);
    }
}
