namespace SparseRobust.Lab.Checkpoints;

/// <summary>A storage that a pickle refers to: a row of numbers that lies elsewhere in the file.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">Type of its numbers (<see cref="SafetensorsType"/>).</param>
/// <param name="Numbers">How many there are, as the pickle says.</param>
internal sealed record TorchStorage(string Key, string DType, long Numbers);

/// <summary>A tensor as PyTorch pickles it: a view of a storage, which other tensors may share. Element i, j, ... is number offset + i * strides[0] + j * strides[1] + ... of it.</summary>
/// <param name="Storage">The storage; all of the tensor is known to lie inside it.</param>
/// <param name="Offset">Place of its first element.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Strides">Steps of each dimension in numbers, none negative; 0 repeats.</param>
internal sealed record PickledTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether its elements stand one behind the other in row-major order.</summary>
    public bool IsContiguous
    {
        get
        {
            var due = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != due)
                    return false;
                due *= Shape[i];
            }
            return true;
        }
    }

    /// <summary>Numbers of the storage from its first element to its last, at least 1; for a tensor with elements.</summary>
    public long Reach => 1 + Shape.Zip(Strides, (dimension, stride) => (dimension - 1) * stride).Sum();

    /// <summary>Puts its elements one behind the other.</summary>
    /// <param name="reach">The bytes of <see cref="Reach"/> numbers.</param>
    /// <param name="target">The bytes of all elements.</param>
    /// <param name="size">Bytes of a number.</param>
    public void Gather(ReadOnlySpan<byte> reach, Span<byte> target, int size)
    {
        var index = new long[Shape.Length];
        var place = 0L;
        for (var at = 0; at < target.Length; at += size)
        {
            reach.Slice(checked((int)(place * size)), size).CopyTo(target[at..]);
            for (var axis = Shape.Length - 1; axis >= 0; axis--)
            {
                place += Strides[axis];
                if (++index[axis] < Shape[axis])
                    break;
                place -= index[axis] * Strides[axis];
                index[axis] = 0;
            }
        }
    }

    /// <summary>A name out of a file, for messages.</summary>
    public static string Shown(string name) => $"\"{new string([.. name.Take(100).Select(c => char.IsControl(c) ? '?' : c)])}\"";
}
