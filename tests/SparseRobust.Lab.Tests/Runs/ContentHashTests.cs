using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class ContentHashTests : IDisposable
{
    // FIPS 180-2, appendix B.1.
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_stream_and_file_have_the_published_hash()
    {
        File.WriteAllBytes(_folder.File("abc"), "abc"u8.ToArray());
        using var stream = new MemoryStream("abc"u8.ToArray());
        Assert.Equal(OfAbc, ContentHash.Of("abc"u8));
        Assert.Equal(OfAbc, ContentHash.Of(stream));
        Assert.Equal(OfAbc, ContentHash.OfFile(_folder.File("abc")));
    }
}
