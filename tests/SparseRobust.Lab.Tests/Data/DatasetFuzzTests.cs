using System.Text;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Tests.Data;

public sealed class DatasetFuzzTests : IDisposable
{
    private const int Rounds = 500;
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mnli.jsonl", false)]
    [InlineData("mnli.txt", false)]
    [InlineData("hans.txt", false)]
    [InlineData("mnli.jsonl", true)]
    public void Any_damaged_file_is_read_or_refused_and_never_crashes(string fixture, bool gzip)
    {
        var original = File.ReadAllBytes(_folder.Write("original", DataFolder.FixtureText(fixture), gzip));
        var random = new SplitMix64(20_261_121);
        for (var round = 0; round < Rounds; round++)
        {
            var file = _folder.Write("damaged", Damage(original, random));
            try
            {
                var data = fixture == "hans.txt" ? Hans.Read(file, "train", CancellationToken.None) : Mnli.Read(file, "train", 1, CancellationToken.None);
                Assert.All(data.Examples, row => Assert.InRange(row.Label, 0, data.Labels.Count - 1));
            }
            catch (LabException refusal)
            {
                Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
            }
        }
    }

    private static byte[] Damage(byte[] original, SplitMix64 random)
    {
        var bytes = original.ToList();
        for (var edits = 1 + random.Next(6); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at)); break;
                case 2: bytes.InsertRange(at, Encoding.ASCII.GetBytes("\t\n\r\"{}[]\\u"[random.Next(10)].ToString())); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
