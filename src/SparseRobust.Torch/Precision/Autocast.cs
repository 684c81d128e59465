using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch.Precision;

/// <summary>
/// Mixed precision on this thread until disposed: matrix products (linear, matmul, mm, bmm, addmm, baddbmm) take their arguments in a lower
/// type and give their results in it; layer_norm, softmax, log_softmax and the losses are computed in Float32; everything else keeps the type it is
/// given, and a sum or product of both types is Float32. Parameters stay as they are, and their gradients have the parameters' type.
/// </summary>
/// <remarks>
/// <para>Run forward pass and loss inside and backward outside: backward takes each operation's type from the forward pass.</para>
/// <para>A parameter's copy in the lower type is made once and reused until the outermost region ends. So change no parameter inside, and use none under
/// no_grad inside that is needed with a gradient later in the same region: the copy made first would be taken again, without its gradient.</para>
/// <para>Regions nest, are per thread (never await, yield or change threads inside one) and touch one kind of device each. On a processor without AVX-512
/// products in BFloat16 are correct but slow. Source: PyTorch's torch.autocast; TorchSharp has no counterpart. Deviates: on the processor LibTorch itself would compute
/// layer_norm, softmax and log_softmax of lower-precision arguments in that precision; here they are Float32 on every device.</para>
/// </remarks>
public sealed class Autocast : IDisposable
{
    private const int Off = -1;

    [ThreadStatic]
    private static Autocast? t_current;

    private readonly Autocast? _outer;
    private readonly nint _region;
    private bool _left;

    private Autocast(int deviceType, bool enabled, int dtype)
    {
        Native.Check(Native.sr_enter_autocast(deviceType, enabled ? 1 : 0, dtype, out _region));
        _outer = t_current;
        t_current = this;
    }

    /// <summary>Enters a region. Not thread-safe; the region belongs to the calling thread.</summary>
    /// <param name="type">BFloat16; or Float32, which switches an enclosing region off until this one is disposed.</param>
    /// <param name="device">The processor or a GPU; of a GPU's name only the kind counts.</param>
    /// <returns>The region, for a using declaration.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another type: Float16 would need its losses scaled.</exception>
    /// <exception cref="TorchException">Another kind of device.</exception>
    public static Autocast To(torch.ScalarType type, torch.Device device) => type switch
    {
        torch.ScalarType.BFloat16 => new Autocast((int)device.type, true, (int)type),
        torch.ScalarType.Float32 => new Autocast((int)device.type, false, (int)type),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Mixed precision is for BFloat16; Float32 switches it off."),
    };

    /// <summary>The type in which this thread computes matrix products on a kind of device.</summary>
    /// <param name="device">The processor or a GPU.</param>
    /// <returns>Null outside every region.</returns>
    /// <exception cref="TorchException">Another kind of device.</exception>
    public static torch.ScalarType? TypeOn(torch.Device device)
    {
        Native.Check(Native.sr_autocast_type((int)device.type, out var dtype));
        return dtype == Off ? null : (torch.ScalarType)dtype;
    }

    /// <summary>Leaves the region, and first every region still open inside it. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">The region was entered by another thread.</exception>
    public void Dispose()
    {
        if (_left)
            return;
        if (!IsOpenHere())
            throw new InvalidOperationException("A region of mixed precision is left by the thread that entered it.");
        while (!_left)
            t_current!.Leave();
    }

    private bool IsOpenHere()
    {
        for (var region = t_current; region is not null; region = region._outer)
        {
            if (ReferenceEquals(region, this))
                return true;
        }
        return false;
    }

    private void Leave()
    {
        Native.sr_leave_autocast(_region);
        t_current = _outer;
        _left = true;
    }
}
