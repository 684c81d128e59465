using Microsoft.Win32.SafeHandles;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Reads parts of a file that stays open, from any thread.</summary>
internal static class FileRange
{
    /// <exception cref="LabException">ArtifactMissing: no such file, or it may not be read.</exception>
    public static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new LabException(ProblemCode.ArtifactMissing, $"no readable file at '{path}'. Name the right file, or run the stage that makes it.", exception);
        }
    }

    /// <summary>Fills a span from a byte on; false when the file ends before it is full.</summary>
    public static bool TryFill(SafeFileHandle file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0) return false;
            destination = destination[read..];
            offset += read;
        }

        return true;
    }
}
