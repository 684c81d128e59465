using System.Text;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Data;

/// <summary>The lines of a large text file, plain or gzip, one at a time.</summary>
public static class TextLines
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads lazily; a line is without its end, and a byte order mark is left out.</summary>
    /// <param name="path">The file; gzip is told by its first bytes, not by the name.</param>
    /// <param name="cancellation">Stops between two lines.</param>
    /// <exception cref="LabException">DatasetMissing when there is no such file; DatasetInvalid when it cannot be read, is cut short or is not UTF-8, naming the line.</exception>
    public static IEnumerable<string> Read(string path, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new LabException(ProblemCode.DatasetMissing, $"There is no text file {path}: check the path.");
        return ReadLines(path, cancellation);
    }

    private static IEnumerable<string> ReadLines(string path, CancellationToken cancellation)
    {
        using var reader = LineReader.Open(path);
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Text(path, reader);
        }
    }

    private static string Text(string path, LineReader reader)
    {
        try
        {
            return StrictUtf8.GetString(reader.Line);
        }
        catch (DecoderFallbackException notText)
        {
            throw new LabException(ProblemCode.DatasetInvalid, $"{path}, line {reader.Number}, is not UTF-8: convert the file to UTF-8.", notText);
        }
    }
}
