using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

/// <summary>A number of any element type, as operators take it beside tensors. Made by implicit conversion.</summary>
public sealed class Scalar
{
    private readonly Tag _tag;
    private readonly long _bits;

    private Scalar(Tag tag, long bits)
    {
        _tag = tag;
        _bits = bits;
    }

    /// <summary>Converts an integer.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(int value) => new(Tag.Int, value);

    /// <summary>Converts an integer.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(long value) => new(Tag.Int, value);

    /// <summary>Converts a byte.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(byte value) => new(Tag.Int, value);

    /// <summary>Converts a floating-point number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(float value) => (double)value;

    /// <summary>Converts a floating-point number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Scalar(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Converts a truth value.</summary>
    /// <param name="value">The truth value.</param>
    public static implicit operator Scalar(bool value) => new(Tag.Bool, value ? 1 : 0);

    /// <summary>The value in single precision.</summary>
    /// <returns>The number.</returns>
    public float ToSingle() => (float)ToDouble();

    /// <summary>The value in double precision.</summary>
    /// <returns>The number.</returns>
    public double ToDouble() => _tag == Tag.Double ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    /// <summary>The value as an integer, truncated.</summary>
    /// <returns>The number.</returns>
    public long ToInt64() => _tag == Tag.Double ? (long)ToDouble() : _bits;

    /// <summary>The value as an integer, truncated.</summary>
    /// <returns>The number.</returns>
    public int ToInt32() => checked((int)ToInt64());

    /// <summary>Whether the value differs from zero.</summary>
    /// <returns>The truth value.</returns>
    public bool ToBoolean() => _tag == Tag.Double ? ToDouble() != 0 : _bits != 0;

    /// <inheritdoc/>
    public override string ToString() => _tag switch
    {
        Tag.Double => ToDouble().ToString(System.Globalization.CultureInfo.InvariantCulture),
        Tag.Bool => ToBoolean().ToString(),
        _ => _bits.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    internal static Scalar From(Value value) => new(value.Tag, value.Int);

    internal Arg ToArg() => Arg.OfBits(_tag, _bits);

    internal bool IsFloat => _tag == Tag.Double;

    internal bool IsBool => _tag == Tag.Bool;
}
