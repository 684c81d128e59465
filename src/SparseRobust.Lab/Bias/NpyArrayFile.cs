using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace SparseRobust.Lab.Bias;

/// <summary>Reads the .npy and .npz files that other programs wrote: any number type, byte order and index order, format versions 1 to 3.</summary>
/// <remarks>Source: numpy's format description (NEP 1). Arrays of Python objects are refused: reading them means unpickling.</remarks>
internal static partial class NpyArrayFile
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Whether bytes start as a .npy file does.</summary>
    public static bool IsNpy(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Whether bytes start as a zip archive, and so a .npz file, does.</summary>
    public static bool IsNpz(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK"u8);

    /// <summary>The array of a .npy file's bytes. What is wrong goes to <paramref name="corrupt"/>, whose exception is thrown.</summary>
    public static NumpyArray Read(ReadOnlySpan<byte> bytes, Func<string, Exception> corrupt)
    {
        if (!IsNpy(bytes) || bytes.Length < 12 || bytes[6] is < 1 or > 3)
            throw corrupt("it is not a .npy file of version 1, 2 or 3");
        var prefix = bytes[6] == 1 ? 10 : 12;
        var headerLength = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (headerLength > bytes.Length - prefix)
            throw corrupt("it ends inside its header");
        var header = Encoding.Latin1.GetString(bytes.Slice(prefix, (int)headerLength));
        var (type, order, shape) = (TypeName().Match(header), Order().Match(header), Dimensions().Match(header));
        if (!type.Success || !order.Success || !shape.Success)
            throw corrupt($"its header is not that of an array of plain numbers: {header[..Math.Min(header.Length, 200)].Trim()}");
        var dimensions = new List<long>();
        foreach (var number in shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            dimensions.Add(long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) ? dimension : throw corrupt($"its shape is {shape.Value}"));
        return NumpyArray.Of(type.Groups[1].Value, dimensions, order.Groups[1].Value == "True", bytes[(prefix + (int)headerLength)..], corrupt);
    }

    /// <summary>The one array of a .npz archive.</summary>
    /// <param name="bytes">The archive.</param>
    /// <param name="largest">Most bytes the array's file may have, whatever the archive says.</param>
    /// <param name="corrupt">Makes the exception that is thrown.</param>
    public static NumpyArray ReadArchive(byte[] bytes, long largest, Func<string, Exception> corrupt)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false));
            if (archive.Entries.Count != 1)
                throw corrupt($"it holds {archive.Entries.Count} arrays ({string.Join(", ", archive.Entries.Take(5).Select(entry => entry.FullName))}); save the one with the predictions on its own");
            var entry = archive.Entries[0];
            if (entry.Length > largest)
                throw corrupt($"{entry.FullName} has {entry.Length} bytes, more than the {largest} that these rows can need");
            using var stream = entry.Open();
            var array = new byte[entry.Length];
            stream.ReadExactly(array);
            return Read(array, corrupt);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw corrupt($"it is a damaged archive ({fault.Message})");
        }
    }

    [GeneratedRegex(@"'descr':\s*'([^']{1,8})'")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"'fortran_order':\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"'shape':\s*\(([0-9, ]*)\)")]
    private static partial Regex Dimensions();
}
