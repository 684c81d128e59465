using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class JournalContentsTests : IDisposable
{
    private static readonly Noted Point = new("train", "x");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_repetition_counts_only_when_it_came_to_its_end()
    {
        var reused = new StageReused("train", "ab", 10, Replayed: 3);
        Assert.Equal(4, Contents(reused, Point, Point, Point, new RunFailed("x", "x")).EndOf("ab", isOwn: false));
        Assert.Null(Contents(reused, Point, Point).EndOf("ab", isOwn: false));
        // As many events as announced, but the last is not of the stage: the attempt failed amid the repetition.
        Assert.Null(Contents(reused, Point, Point, new RunFailed("x", "x")).EndOf("ab", isOwn: false));
        Assert.Equal(1, Contents(reused with { Replayed = 0 }).EndOf("ab", isOwn: false));
    }

    [Fact]
    public void A_stage_ends_where_the_journal_first_told_of_its_end()
    {
        var finished = new StageFinished("train", "ab", 1);
        var contents = Contents(new StageStarted("train", "ab", 0, 10), Point, finished, Point, new StageReused("train", "ab"), Point);
        Assert.Equal(3, contents.EndOf("ab", isOwn: true));
        // What is there now is another run's: this journal's curve is of an output that is gone.
        Assert.Null(contents.EndOf("ab", isOwn: false));
        Assert.Null(contents.EndOf("cd", isOwn: true));
    }

    [Fact]
    public void A_checkpoint_is_reached_only_within_its_own_stage()
    {
        var contents = Contents(new StageStarted("train", "ab", 0, 10), Point, new StageFinished("train", "ab", 1), new StageStarted("prune", "cd", 0, 10), Point);
        Assert.True(contents.Reaches(At(2), "ab"));
        Assert.False(contents.Reaches(At(3), "ab"));
        Assert.True(contents.Reaches(At(5), "cd"));
        Assert.False(contents.Reaches(At(5), "ab"));
        Assert.False(contents.Reaches(At(6), "cd"));
    }

    private static JournalPosition At(long sequence) => new("run", sequence, 1);

    private JournalContents Contents(params RunEvent[] events)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.jsonl");
        using (var journal = RunJournal.Open(path, TimeProvider.System))
            journal.AppendAll(events);
        return JournalContents.Read(path);
    }
}
