using System.Text;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class RunJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    private string JournalPath => _folder.File("events.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Events_are_numbered_from_one_without_gaps_across_openings()
    {
        Fill(3);
        using (var journal = Open())
        {
            Assert.Equal(3, journal.LastSequence);
            Assert.Equal(4, journal.Append(new Noted("train", "on")).Sequence);
        }

        Assert.Equal([1, 2, 3, 4], RunJournal.ReadAfter(JournalPath, 0).Select(e => e.Sequence));
        Assert.Equal([4], RunJournal.ReadAfter(JournalPath, 3).Select(e => e.Sequence));
        Assert.Empty(RunJournal.ReadAfter(JournalPath, 9));
        Assert.Empty(RunJournal.ReadAfter(_folder.File("none"), 0));
    }

    [Fact]
    public void Every_kind_of_event_survives_the_round_trip()
    {
        RunEvent[] events =
        [
            new RunStarted("ab-1", 1, 2, "cpu"),
            new StageStarted("train", "ab", 5, 10),
            new StepMeasured("train", 6, 10, new Dictionary<string, double> { ["train/loss"] = double.NaN, ["Prune/Sparsity"] = double.PositiveInfinity, ["x"] = 0.1 }),
            new Evaluated("train", 6, [new Score("hans", "dev", "all", "accuracy", double.NaN, 12, "00", true)]),
            new Noted("train", "two\nlines, \u00e9\ud83d\ude00"),
            new StageFinished("train", "ab", 1.5),
            new StageReused("train", "ab", 10, 3),
            new RunFinished(2.5),
            new RunFailed("TrainingDiverged", "no"),
        ];
        using (var journal = Open())
        {
            foreach (var e in events) journal.Append(e);
        }

        var read = RunJournal.ReadAfter(JournalPath, 0).ToList();
        Assert.Equal(events.Select(e => e.GetType()), read.Select(e => e.GetType()));
        Assert.Equal(((Noted)events[4]).Text, ((Noted)read[4]).Text);
        Assert.Equal(((StepMeasured)events[2]).Values, ((StepMeasured)read[2]).Values);
        Assert.Equal(((Evaluated)events[3]).Scores, ((Evaluated)read[3]).Scores);
        Assert.All(read, e => Assert.Equal(_clock.GetUtcNow(), e.Time));
        Assert.Equal(events.Length, File.ReadAllLines(JournalPath).Length);
    }

    [Fact]
    public void A_line_has_the_documented_form()
    {
        using (var journal = Open()) journal.Append(new StageStarted("train", "ab", 5, 10));
        Assert.Equal(
            """{"event":"stage_started","sequence":1,"time":"2026-01-02T03:04:05+00:00","stage":"train","stage_hash":"ab","from_step":5,"total_steps":10}""" + "\n",
            File.ReadAllText(JournalPath));
    }

    [Fact]
    public void Observers_are_called_in_order_once_the_event_is_in_the_file()
    {
        var seen = new List<string>();
        using var journal = RunJournal.Open(JournalPath, _clock, new Watcher("a", Look), new Watcher("b", Look));
        for (var i = 0; i < 3; i++) journal.Append(new Noted("train", "x"));
        Assert.Equal(["a1 of 1", "b1 of 1", "a2 of 2", "b2 of 2", "a3 of 3", "b3 of 3"], seen);

        void Look(string name, RunEvent e) => seen.Add($"{name}{e.Sequence} of {RunJournal.ReadAfter(JournalPath, 0).Count()}");
    }

    [Fact]
    public void Events_are_acknowledged_each_second_and_on_Sync()
    {
        using var journal = Open();
        journal.Append(new Noted("train", "1"));
        Assert.Equal(0, journal.AcknowledgedSequence);
        _clock.Advance(TimeSpan.FromSeconds(1));
        journal.Append(new Noted("train", "2"));
        Assert.Equal(2, journal.AcknowledgedSequence);
        journal.Append(new Noted("train", "3"));
        Assert.Equal(2, journal.AcknowledgedSequence);
        journal.Sync();
        Assert.Equal(3, journal.AcknowledgedSequence);
    }

    [Fact]
    public void Repeated_events_are_numbered_stamped_and_shown_like_others_and_acknowledged_together()
    {
        var seen = new List<(long Sequence, long Acknowledged)>();
        RunJournal? opened = null;
        using var journal = opened = RunJournal.Open(JournalPath, _clock, new Watcher("", (_, e) =>
        {
            seen.Add((e.Sequence, opened!.AcknowledgedSequence));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }));
        var before = _clock.GetUtcNow();
        journal.AppendAll([.. Enumerable.Range(1, 3).Select(i => new Noted("train", $"{i}") { Sequence = 70 + i, Time = DateTimeOffset.UnixEpoch })]);
        Assert.Equal([(1, 0), (2, 0), (3, 0)], seen);
        Assert.Equal(3, journal.AcknowledgedSequence);
        Assert.Equal([0.0, 2, 4], RunJournal.ReadAfter(JournalPath, 0).Select(e => (e.Time - before).TotalSeconds));
    }

    [Fact]
    public void An_older_versions_line_about_reuse_is_read()
    {
        File.WriteAllText(JournalPath, """{"event":"stage_reused","sequence":1,"time":"2026-01-02T03:04:05+00:00","stage":"train","stage_hash":"ab"}""" + "\n");
        Assert.Equal(("ab", 0, 0), RunJournal.ReadAfter(JournalPath, 0).Cast<StageReused>().Select(e => (e.StageHash, e.TotalSteps, e.Replayed)).Single());
    }

    [Fact]
    public void A_kill_at_any_byte_loses_at_most_the_line_being_written()
    {
        Fill(3);
        var whole = File.ReadAllBytes(JournalPath);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(JournalPath, whole[..length]);
            var lines = whole[..length].Count(b => b == '\n');
            Assert.Equal(lines, RunJournal.ReadAfter(JournalPath, 0).Count());
            using (var journal = Open())
            {
                Assert.Equal(lines, journal.LastSequence);
                journal.Append(new Noted("train", "again"));
            }

            Assert.Equal(lines + 1, RunJournal.ReadAfter(JournalPath, 0).Count());
        }
    }

    [Theory]
    [InlineData("gap", 2, "line 2 has sequence 3 where 2 is due")]
    [InlineData("not json", 2, "line 2 is not an event")]
    [InlineData("unknown kind", 3, "line 3 is not an event")]
    [InlineData("zeros", 1, "line 1 is not an event")]
    [InlineData("null", 1, "line 1 is empty of an event")]
    [InlineData("half", 2, "line 2 is not an event")]
    public void A_damaged_line_is_named_and_the_file_left_alone(string damage, int line, string message)
    {
        Fill(4);
        var lines = File.ReadAllLines(JournalPath).ToList();
        var old = lines[line - 1];
        lines.RemoveAt(line - 1);
        if (damage != "gap")
        {
            lines.Insert(line - 1, damage switch
            {
                "unknown kind" => """{"event":"exploded","sequence":3}""",
                "zeros" => new string('\0', 20),
                "half" => """{"event":"noted","sequence":2}""",
                _ => damage,
            });
        }

        var text = string.Join('\n', lines) + "\n";
        File.WriteAllText(JournalPath, text);
        var thrown = Assert.Throws<LabException>(() => Open().Dispose());
        Assert.Equal(ProblemCode.ArtifactCorrupt, thrown.Code);
        Assert.Contains(JournalPath, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(JournalPath));
        Assert.NotEqual(old, lines[line - 1]);
        Assert.Throws<LabException>(() => RunJournal.ReadAfter(JournalPath, 0).Count());
    }

    [Fact]
    public void A_line_without_end_is_not_read_into_memory()
    {
        File.WriteAllBytes(JournalPath, new byte[4 << 20]);
        var thrown = Assert.Throws<LabException>(() => Open().Dispose());
        Assert.Contains("line 1 is longer than", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncation_forgets_what_came_after_and_goes_on_from_there()
    {
        Fill(5);
        using (var journal = Open())
        {
            journal.TruncateTo(2);
            Assert.Equal(2, journal.LastSequence);
            Assert.Equal(3, journal.Append(new Noted("eval", "new")).Sequence);
        }

        var read = RunJournal.ReadAfter(JournalPath, 0).Cast<Noted>().ToList();
        Assert.Equal(["1", "2", "new"], read.Select(e => e.Text));
        using var emptied = Open();
        emptied.TruncateTo(0);
        Assert.Equal(0, new FileInfo(JournalPath).Length);
    }

    [Fact]
    public void A_journal_that_ends_before_its_checkpoint_is_refused()
    {
        Fill(2);
        using var journal = Open();
        var thrown = Assert.Throws<LabException>(() => journal.TruncateTo(3));
        Assert.Equal(ProblemCode.ArtifactCorrupt, thrown.Code);
        Assert.Contains("ends with event 2, but its checkpoint was written after event 3", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_journals_and_long_lines_are_read_piecewise()
    {
        using (var journal = Open())
        {
            for (var i = 0; i < 2000; i++) journal.Append(new Noted("train", new string('x', i == 1000 ? 200_000 : i)));
        }

        Assert.Equal(1001, ((Noted)RunJournal.ReadAfter(JournalPath, 1001).First()).Text.Length);
        Assert.Equal(2000, RunJournal.ReadAfter(JournalPath, 0).Count());
    }

    [TinyDiskFact]
    public void A_full_disk_leaves_whole_lines_and_the_run_can_go_on_later()
    {
        using var disk = new TinyDisk();
        var path = Path.Combine(disk.Path, "events.jsonl");
        File.WriteAllBytes(Path.Combine(disk.Path, "ballast"), new byte[TinyDisk.Bytes / 2]);
        using var journal = RunJournal.Open(path, _clock);
        var text = new string('x', 3000);
        var thrown = Assert.Throws<LabException>(() =>
        {
            for (var i = 0; i < 100; i++) journal.Append(new Noted("train", text));
        });
        Assert.Equal(ProblemCode.StorageFull, thrown.Code);
        var written = RunJournal.ReadAfter(path, 0).Count();
        Assert.Equal(journal.LastSequence, written);
        Assert.Equal('\n', File.ReadAllText(path, Encoding.UTF8)[^1]);
        File.Delete(Path.Combine(disk.Path, "ballast"));
        Assert.Equal(written + 1, journal.Append(new Noted("train", text)).Sequence);
        Assert.Equal(written + 1, RunJournal.ReadAfter(path, 0).Count());
    }

    private RunJournal Open() => RunJournal.Open(JournalPath, _clock);

    private void Fill(int events)
    {
        using var journal = Open();
        for (var i = 1; i <= events; i++) journal.Append(new Noted("train", $"{i}"));
    }

    private sealed class Watcher(string name, Action<string, RunEvent> look) : IRunObserver
    {
        public void On(RunEvent runEvent) => look(name, runEvent);
    }
}
