namespace SparseRobust.Lab.Checkpoints;

/// <summary>The element types of safetensors files that the laboratory reads and writes, by the names the files use.</summary>
public static class SafetensorsType
{
    // In the order in which the reference implementation lays tensors out: widest first, so that each begins at a multiple of its width.
    private static readonly (string Name, int Bytes, ScalarType Scalar)[] LayoutOrder =
    [
        ("I64", 8, ScalarType.Int64), ("F64", 8, ScalarType.Float64), ("F32", 4, ScalarType.Float32), ("I32", 4, ScalarType.Int32), ("BF16", 2, ScalarType.BFloat16),
        ("F16", 2, ScalarType.Float16), ("I16", 2, ScalarType.Int16), ("I8", 1, ScalarType.Int8), ("U8", 1, ScalarType.Byte), ("BOOL", 1, ScalarType.Bool),
    ];

    /// <summary>All names, comma-separated, for messages.</summary>
    internal static string Names { get; } = string.Join(", ", LayoutOrder.Select(type => type.Name));

    /// <summary>Bytes of one element, or 0 if the type is unknown.</summary>
    /// <param name="dtype">F32, F16, BF16, F64, I64, I32, I16, I8, U8 or BOOL; case counts.</param>
    public static int SizeOf(string dtype) => LayoutOrder.FirstOrDefault(type => type.Name == dtype).Bytes;

    /// <summary>PyTorch's type of a known name.</summary>
    internal static ScalarType ScalarOf(string dtype) => LayoutOrder.First(type => type.Name == dtype).Scalar;

    /// <summary>The name of one of PyTorch's types.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Files have no such type.</exception>
    internal static string NameOf(ScalarType scalar) =>
        LayoutOrder.FirstOrDefault(type => type.Scalar == scalar).Name ?? throw new ArgumentOutOfRangeException(nameof(scalar), scalar, "Not a safetensors type.");

    /// <summary>Position in the file's layout; -1 if the type is unknown.</summary>
    internal static int RankOf(string dtype) => Array.FindIndex(LayoutOrder, type => type.Name == dtype);

    /// <summary>Bytes of a tensor, or null if the type is unknown, a dimension is negative, or the product exceeds 63 bits.</summary>
    internal static long? BytesOf(string dtype, IReadOnlyList<long> shape)
    {
        UInt128 bytes = (UInt128)SizeOf(dtype);
        if (bytes == 0 || shape.Any(dimension => dimension < 0)) return null;
        if (shape.Contains(0)) return 0;
        foreach (var dimension in shape)
        {
            bytes *= (UInt128)dimension;
            if (bytes > long.MaxValue) return null;
        }

        return (long)bytes;
    }
}
