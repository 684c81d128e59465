using System.Runtime.InteropServices;

namespace SparseRobust.Torch.Interop;

/// <summary>
/// An argument of an operator before it is lowered to a <see cref="Value"/>. It keeps the managed object that it came
/// from, so that a tensor which is otherwise unreachable survives the call.
/// </summary>
internal readonly struct Arg
{
    internal readonly object? Owner;
    internal readonly long Bits;
    internal readonly Tag Tag;

    private Arg(Tag tag, long bits, object? owner = null)
    {
        Tag = tag;
        Bits = bits;
        Owner = owner;
    }

    internal static Arg None => default;

    public static implicit operator Arg(torch.Tensor? tensor) =>
        tensor is null ? default : new Arg(Tag.Tensor, 0, tensor);

    public static implicit operator Arg(long value) => new(Tag.Int, value);

    public static implicit operator Arg(long? value) => value is { } v ? new Arg(Tag.Int, v) : default;

    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Arg(long[]? values) => values is null ? default : new Arg(Tag.IntList, 0, values);

    public static implicit operator Arg(torch.Tensor[] tensors) => new(Tag.TensorList, 0, tensors);

    public static implicit operator Arg(string? text) =>
        text is null ? default : new Arg(Tag.String, 0, System.Text.Encoding.UTF8.GetBytes(text));

    public static implicit operator Arg(Scalar value) => value.ToArg();

    public static implicit operator Arg(torch.ScalarType type) => new(Tag.Int, (long)type);

    public static implicit operator Arg(torch.ScalarType? type) => type is { } t ? new Arg(Tag.Int, (long)t) : default;

    public static implicit operator Arg(torch.Device? device) =>
        device is null ? default : new Arg(Tag.Device, ((long)device.type << 16) | (ushort)(short)device.index);

    public static implicit operator Arg(torch.Generator? generator) =>
        generator is null ? default : new Arg(Tag.Generator, 0, generator);

    internal static Arg Optional(torch.Tensor?[] tensors) => new(Tag.OptionalTensorList, 0, tensors);

    internal static Arg OfBits(Tag tag, long bits) => new(tag, bits);

    /// <summary>The number of machine words that the list needs in the call's buffer.</summary>
    internal int Words => Tag switch
    {
        Tag.IntList => ((long[])Owner!).Length,
        Tag.TensorList or Tag.OptionalTensorList => ((torch.Tensor?[])Owner!).Length,
        Tag.String => (((byte[])Owner!).Length + 7) / 8,
        _ => 0,
    };

    /// <summary>Writes the value that native code reads; lists are copied to <paramref name="buffer"/>.</summary>
    internal unsafe Value Lower(ref long* buffer)
    {
        Value value = default;
        value.Tag = Tag;
        switch (Tag)
        {
            case Tag.Tensor:
                value.Pointer = ((torch.Tensor)Owner!).Pointer;
                return value;
            case Tag.Generator:
                value.Pointer = ((torch.Generator)Owner!).Pointer;
                return value;
            case Tag.IntList:
                LowerInts((long[])Owner!, ref value, ref buffer);
                return value;
            case Tag.TensorList or Tag.OptionalTensorList:
                LowerTensors((torch.Tensor?[])Owner!, ref value, ref buffer);
                return value;
            case Tag.String:
                LowerText((byte[])Owner!, ref value, ref buffer);
                return value;
            default:
                value.Int = Bits;
                return value;
        }
    }

    private static unsafe void LowerInts(long[] items, ref Value value, ref long* buffer)
    {
        value.Size = items.Length;
        value.Pointer = (nint)buffer;
        items.CopyTo(new Span<long>(buffer, items.Length));
        buffer += items.Length;
    }

    private static unsafe void LowerTensors(torch.Tensor?[] items, ref Value value, ref long* buffer)
    {
        value.Size = items.Length;
        value.Pointer = (nint)buffer;
        foreach (var item in items)
            *buffer++ = item is null ? 0 : item.Pointer;
    }

    private static unsafe void LowerText(byte[] items, ref Value value, ref long* buffer)
    {
        value.Size = items.Length;
        value.Pointer = (nint)buffer;
        items.CopyTo(MemoryMarshal.AsBytes(new Span<long>(buffer, (items.Length + 7) / 8)));
        buffer += (items.Length + 7) / 8;
    }
}
