using System.Buffers.Binary;

namespace SparseRobust.Lab.Bias;

/// <summary>An array of numbers as numpy stores it.</summary>
/// <param name="Shape">Dimensions, none negative; empty for a single number.</param>
/// <param name="Values">All numbers as doubles, in C order (the last index runs fastest).</param>
internal sealed record NumpyArray(IReadOnlyList<int> Shape, double[] Values)
{
    // An array may have as many numbers as its bytes, of which it has at most these.
    private const int MostDimensions = 8;

    /// <summary>Makes an array of its bytes.</summary>
    /// <param name="type">numpy's name of the numbers' type: byte order (&lt;, &gt;, | or =), kind (f, i, u) and bytes: "&lt;f4".</param>
    /// <param name="shape">Dimensions.</param>
    /// <param name="isFortran">Whether the first index runs fastest.</param>
    /// <param name="bytes">Exactly the array's bytes.</param>
    /// <param name="corrupt">Makes the exception that is thrown when these do not belong together.</param>
    public static NumpyArray Of(string type, IReadOnlyList<long> shape, bool isFortran, ReadOnlySpan<byte> bytes, Func<string, Exception> corrupt)
    {
        var size = SizeOf(type);
        if (size == 0)
            throw corrupt($"its numbers are of type {type}; f2, f4, f8, i1 to i8 and u1 to u8 are read here");
        if (shape.Count > MostDimensions || shape.Any(dimension => dimension < 0 || dimension > int.MaxValue))
            throw corrupt($"its shape ({string.Join(", ", shape)}) is not one of an array that fits into memory");
        var product = shape.Aggregate((UInt128)1, (all, dimension) => all * (UInt128)dimension);
        if (product * (UInt128)size != (UInt128)bytes.Length)
            throw corrupt($"shape ({string.Join(", ", shape)}) of {type} does not fit its {bytes.Length} bytes");
        var values = new double[bytes.Length / size];
        var isBig = type[0] == '>';
        for (var i = 0; i < values.Length; i++)
            values[i] = Number(type[1], isBig, bytes.Slice(i * size, size));
        int[] dimensions = [.. shape.Select(dimension => (int)dimension)];
        return new NumpyArray(dimensions, isFortran && dimensions.Length > 1 ? Transposed(dimensions, values) : values);
    }

    // 0 for a type that is not read.
    private static int SizeOf(string type) => type is ['<' or '>' or '|' or '=', 'f' or 'i' or 'u', var size] && (type[1], size) switch
    {
        ('f', '2' or '4' or '8') => true,
        ('i' or 'u', '1' or '2' or '4' or '8') => true,
        _ => false,
    } ? size - '0' : 0;

    private static double Number(char kind, bool isBig, ReadOnlySpan<byte> bytes)
    {
        Span<byte> ordered = stackalloc byte[bytes.Length];
        bytes.CopyTo(ordered);
        if (isBig)
            ordered.Reverse();
        return (kind, ordered.Length) switch
        {
            ('f', 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(ordered),
            ('f', 4) => BinaryPrimitives.ReadSingleLittleEndian(ordered),
            ('f', _) => BinaryPrimitives.ReadDoubleLittleEndian(ordered),
            ('i', 1) => (sbyte)ordered[0],
            ('i', 2) => BinaryPrimitives.ReadInt16LittleEndian(ordered),
            ('i', 4) => BinaryPrimitives.ReadInt32LittleEndian(ordered),
            ('i', _) => BinaryPrimitives.ReadInt64LittleEndian(ordered),
            (_, 1) => ordered[0],
            (_, 2) => BinaryPrimitives.ReadUInt16LittleEndian(ordered),
            (_, 4) => BinaryPrimitives.ReadUInt32LittleEndian(ordered),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(ordered),
        };
    }

    private static double[] Transposed(int[] shape, double[] fortran)
    {
        var values = new double[fortran.Length];
        var index = new int[shape.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (place, stride) = (0, 1);
            for (var axis = 0; axis < shape.Length; axis++)
                (place, stride) = (place + index[axis] * stride, stride * shape[axis]);
            values[i] = fortran[place];
            for (var axis = shape.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }
        return values;
    }
}
