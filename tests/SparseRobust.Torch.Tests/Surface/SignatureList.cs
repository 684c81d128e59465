namespace SparseRobust.Torch.Tests.Surface;

/// <summary>A text file of signatures, one a line. A line that begins with a number sign is a comment.</summary>
internal sealed class SignatureList
{
    private SignatureList(string name, IReadOnlyList<string> lines)
    {
        Name = name;
        Lines = lines;
    }

    /// <summary>The signatures that TorchSharp's package declares and we offer exactly so.</summary>
    public static SignatureList Claimed { get; } = Read("claimed.txt");

    /// <summary>The signatures that TorchSharp's package declares and we do without.</summary>
    public static SignatureList Excluded { get; } = Read("excluded.txt");

    /// <summary>What we offer under TorchSharp's names beside the claimed signatures.</summary>
    public static SignatureList More { get; } = Read("more.txt");

    public string Name { get; }

    /// <summary>The file as it is.</summary>
    public IReadOnlyList<string> Lines { get; }

    public IReadOnlyList<string> Signatures => [.. Lines.Where(line => line.Length > 0 && line[0] != '#')];

    private static SignatureList Read(string name) => new(name, File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Surface", name)));
}
