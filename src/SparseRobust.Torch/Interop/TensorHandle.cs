using System.Runtime.InteropServices;
using SparseRobust.Torch.Scopes;

namespace SparseRobust.Torch.Interop;

/// <summary>Owns one reference to a native tensor. A finalizer frees what no one disposed.</summary>
internal sealed class TensorHandle : SafeHandle
{
    private readonly TensorCensus.Counter _counter;

    internal TensorHandle(nint pointer)
        : base(0, ownsHandle: true)
    {
        _counter = TensorCensus.Enter();
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    protected override bool ReleaseHandle()
    {
        Native.sr_free_tensor(handle);
        TensorCensus.Leave(_counter);
        return true;
    }
}
