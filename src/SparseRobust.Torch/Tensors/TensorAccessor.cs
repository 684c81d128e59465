using System.Collections;
using System.Runtime.CompilerServices;
using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

/// <summary>Reads, and writes in place, the elements of a tensor on the processor, in the order of their indices.</summary>
/// <typeparam name="T">The element type; must be the tensor's own.</typeparam>
/// <remarks>Valid while the tensor lives. Not thread-safe.</remarks>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        var info = tensor.Info;
        if (info.DeviceType != 0)
            throw new InvalidOperationException("Elements can be read on the processor only: call cpu() first.");
        if (info.ElementSize != Unsafe.SizeOf<T>())
            throw new ArgumentException($"A tensor of {tensor.dtype} cannot be read as {typeof(T).Name}.");
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = info.IsContiguous;
        Count = info.NumberOfElements;
    }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>One element by its place in the flattened tensor.</summary>
    /// <param name="index">From zero.</param>
    public ref T this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return ref First()[_contiguous ? index : Offset(index)];
        }
    }

    /// <summary>One element of a matrix.</summary>
    /// <param name="row">From zero.</param>
    /// <param name="column">From zero.</param>
    public ref T this[long row, long column]
    {
        get
        {
            if (_shape.Length != 2)
                throw new ArgumentException($"Two indices do not fit {_shape.Length} dimensions.");
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)row, (ulong)_shape[0]);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)column, (ulong)_shape[1]);
            return ref First()[(row * _strides[0]) + (column * _strides[1])];
        }
    }

    /// <summary>Copies all elements to a new array.</summary>
    /// <returns>The elements in the order of their indices.</returns>
    public T[] ToArray()
    {
        var array = GC.AllocateUninitializedArray<T>(checked((int)Count));
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>Copies all elements to an array.</summary>
    /// <param name="array">The target.</param>
    /// <param name="arrayIndex">Where to begin in it.</param>
    public void CopyTo(T[] array, int arrayIndex = 0) => CopyTo(array.AsSpan(arrayIndex));

    /// <summary>Copies all elements to a span.</summary>
    /// <param name="target">At least as long as the tensor.</param>
    public void CopyTo(Span<T> target)
    {
        if (target.Length < Count)
            throw new ArgumentException($"{Count} elements do not fit a span of {target.Length}.", nameof(target));
        if (Count == 0)
            return;
        var first = First();
        if (_contiguous)
        {
            new ReadOnlySpan<T>(first, (int)Count).CopyTo(target);
        }
        else
        {
            for (var i = 0; i < Count; i++)
                target[i] = first[Offset(i)];
        }
        GC.KeepAlive(_tensor);
    }

    /// <summary>Overwrites all elements from an array.</summary>
    /// <param name="array">At least as long as the tensor.</param>
    /// <param name="arrayIndex">Where to begin in it.</param>
    public void CopyFrom(T[] array, int arrayIndex = 0)
    {
        var source = array.AsSpan(arrayIndex);
        for (var i = 0; i < Count; i++)
            First()[_contiguous ? i : Offset(i)] = source[i];
        GC.KeepAlive(_tensor);
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    /// <summary>Does nothing: the accessor owns nothing.</summary>
    public void Dispose()
    {
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T* First()
    {
        Native.Check(Native.sr_data_pointer(_tensor.Pointer, out var data));
        return (T*)data;
    }

    private long Offset(long index)
    {
        var offset = 0L;
        for (var d = _shape.Length - 1; d >= 0; d--)
        {
            offset += index % _shape[d] * _strides[d];
            index /= _shape[d];
        }
        return offset;
    }
}
