using System.Text;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.QuestionAnswering;
using SparseRobust.Lab.Statistics;
using SparseRobust.Lab.Tests.Data;

namespace SparseRobust.Lab.Tests.QuestionAnswering;

public sealed class SquadFuzzTests : IDisposable
{
    private const int Rounds = 1000;
    private const long MostMemory = 64 << 20;

    // What a careless program might write in place of something else.
    private static readonly string[] Scraps =
        ["null", "[]", "{}", "\"\"", "-1", "1e9", "2147483648", "true", "\\ud83d", "\\u0000", "[[[[[[[[", new('[', 100), ",", ":", "\"id\":", "\"answers\":[],", "\"is_impossible\":true,", "\uFEFF"];

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Any_damaged_file_is_read_or_refused_and_never_crashes(bool gzip, ulong seed)
    {
        var random = new SplitMix64(seed);
        var original = Encoding.UTF8.GetBytes(SquadTests.File(
            SquadTests.Paragraph("The owl 🦉🦉 met Zoë in Łódź.", SquadTests.Row("q1", "Who 🦉?", (8, "🦉🦉"), (15, "Zoë")), SquadTests.Row("q2", "Where?", (22, "Łódź"))),
            SquadTests.Paragraph("a b c", SquadTests.Row("q3", "What?", (4, "c")), new { id = "q4", question = "?", is_impossible = true, answers = Array.Empty<object>() })));
        var (read, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            // Damage before packing finds the loader's faults; damage after packing, those of reading.
            var damaged = Damage(original, random);
            var file = _folder.Write("damaged", damaged, gzip);
            if (gzip && round % 2 == 0)
                file = _folder.Write("damaged", Damage(File.ReadAllBytes(file), random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var set = Squad.Read(file, SquadTests.Expected with { AllowsNoAnswer = true }, CancellationToken.None);
                Assert.All(set.Questions.SelectMany(question => question.Answers, (question, answer) => (question.Context, answer)), pair =>
                    Assert.Equal(pair.answer.Text, pair.answer.Offsets.Of(pair.Context).ToString()));
                read++;
            }
            catch (LabException refusal)
            {
                Assert.Equal(ProblemCode.DatasetInvalid, refusal.Code);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        }
        // Damage that is always harmless, or always fatal, would test little.
        Assert.InRange(read, Rounds / 20, Rounds);
        Assert.InRange(refused, Rounds / 20, Rounds);
    }

    private static byte[] Damage(byte[] original, SplitMix64 random)
    {
        var bytes = original.ToList();
        for (var edits = 1 + random.Next(3); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(40), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
                case 4: bytes.RemoveRange(at, random.Next(20) == 0 ? bytes.Count - at : 1); break;
                case 5: Digit(bytes, at, random); break;
                default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)])); break;
            }
        }
        return [.. bytes];
    }

    // Moves an answer: the next digit in the file becomes another one.
    private static void Digit(List<byte> bytes, int from, SplitMix64 random)
    {
        var digit = bytes.FindIndex(from, value => value is >= (byte)'0' and <= (byte)'9');
        if (digit >= 0)
            bytes[digit] = (byte)('0' + random.Next(10));
    }
}
