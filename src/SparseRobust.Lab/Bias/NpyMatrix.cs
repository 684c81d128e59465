using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SparseRobust.Lab.Bias;

/// <summary>A float32 matrix as the bytes of a .npy file, version 1.0, little-endian, C order.</summary>
/// <remarks>Source: numpy's format description (NEP 1). Nothing else of the format is read or written.</remarks>
internal static partial class NpyMatrix
{
    private const int Alignment = 64;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>The file's bytes for row-major values with that many columns.</summary>
    public static byte[] Write(ReadOnlySpan<float> values, int columns)
    {
        var shape = string.Create(CultureInfo.InvariantCulture, $"({values.Length / columns}, {columns})");
        var description = $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}";
        var start = Magic.Length + 2;
        var headerLength = (start + description.Length + 1 + Alignment - 1) / Alignment * Alignment - start;
        var bytes = new byte[start + headerLength + values.Length * sizeof(float)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length), (ushort)headerLength);
        Encoding.ASCII.GetBytes(description.PadRight(headerLength - 1) + "\n", bytes.AsSpan(start));
        var data = bytes.AsSpan(start + headerLength);
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data[(i * sizeof(float))..], values[i]);
        return bytes;
    }

    /// <summary>Rows, columns and row-major values of a file's bytes. What is wrong goes to <paramref name="corrupt"/>, whose exception is thrown.</summary>
    public static (int Rows, int Columns, float[] Values) Read(ReadOnlySpan<byte> bytes, Func<string, Exception> corrupt)
    {
        var start = Magic.Length + 2;
        if (bytes.Length < start || !bytes.StartsWith(Magic))
            throw corrupt("it is not a .npy file of version 1.0");
        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[Magic.Length..]);
        if (bytes.Length < start + headerLength)
            throw corrupt("it ends inside its header");
        var (rows, columns) = Shape(Encoding.ASCII.GetString(bytes.Slice(start, headerLength)), corrupt);
        var data = bytes[(start + headerLength)..];
        if ((Int128)rows * columns * sizeof(float) != data.Length)
            throw corrupt($"{rows} x {columns} float32 values need {(Int128)rows * columns * sizeof(float)} bytes and {data.Length} are there");
        var values = new float[data.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[(i * sizeof(float))..]);
        return (rows, columns, values);
    }

    private static (int Rows, int Columns) Shape(string header, Func<string, Exception> corrupt)
    {
        if (!Description().IsMatch(header) || Dimensions().Match(header) is not { Success: true } shape
            || !header.Contains("'descr': '<f4'", StringComparison.Ordinal) || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
            throw corrupt($"its header is not that of a C-order float32 matrix: {header.Trim()}");
        return int.TryParse(shape.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var rows) && int.TryParse(shape.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out var columns)
            ? (rows, columns)
            : throw corrupt($"its shape is too large: {shape.Value}");
    }

    [GeneratedRegex(@"^\{[^{}]*\}\s*$")]
    private static partial Regex Description();

    [GeneratedRegex(@"'shape': \(([0-9]+), ([0-9]+)\)")]
    private static partial Regex Dimensions();
}
