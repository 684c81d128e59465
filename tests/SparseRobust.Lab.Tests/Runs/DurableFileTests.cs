using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Tests.Runs;

public sealed class DurableFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_makes_the_folder_and_replaces_the_whole_file()
    {
        var path = _folder.File("a", "b", "result.json");
        DurableFile.Write(path, "a long first text");
        DurableFile.Write(path, "second"u8);
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.File("a", "b")));
    }

    [Fact]
    public void A_streamed_file_holds_what_was_written()
    {
        var block = new byte[100_000];
        DurableFile.Write(_folder.File("big"), stream =>
        {
            for (var i = 0; i < 10; i++) stream.Write(block);
        });
        Assert.Equal(1_000_000, new FileInfo(_folder.File("big")).Length);
    }

    [Fact]
    public void A_file_that_is_moved_to_its_place_makes_the_folder_and_leaves_readers_the_old_one()
    {
        foreach (var text in new[] { "old", "new" })
        {
            File.WriteAllText(_folder.File("received"), text);
            using var reader = text == "new" ? File.OpenText(_folder.File("a", "data")) : null;
            DurableFile.Move(_folder.File("received"), _folder.File("a", "data"));
            Assert.Equal(text, File.ReadAllText(_folder.File("a", "data")));
            Assert.Equal(text == "new" ? "old" : null, reader?.ReadToEnd());
        }
        Assert.False(File.Exists(_folder.File("received")));
    }

    [Fact]
    public void A_writer_that_throws_leaves_the_old_file_and_no_temporary_one()
    {
        DurableFile.Write(_folder.File("result.json"), "old");
        var thrown = Assert.Throws<InvalidDataException>(() => DurableFile.Write(_folder.File("result.json"), stream =>
        {
            stream.Write(new byte[1_000_000]);
            throw new InvalidDataException("halfway");
        }));
        Assert.Equal("halfway", thrown.Message);
        Assert.Equal("old", File.ReadAllText(_folder.File("result.json")));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_rename_that_fails_leaves_no_temporary_file()
    {
        Directory.CreateDirectory(_folder.File("taken"));
        Assert.ThrowsAny<Exception>(() => DurableFile.Write(_folder.File("taken"), "text"));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_reader_sees_the_old_file_while_the_new_one_is_written()
    {
        DurableFile.Write(_folder.File("f"), "old");
        DurableFile.Write(_folder.File("f"), stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(_folder.File("f")));
        });
        Assert.Equal("new", File.ReadAllText(_folder.File("f")));
    }

    [Fact]
    public void Leftovers_of_a_killed_process_are_removed_and_nothing_else()
    {
        DurableFile.Write(_folder.File("kept"), "kept");
        DurableFile.Write(_folder.File("killed"), _ =>
        {
            var temporary = Directory.GetFiles(_folder.Path).Single(path => Path.GetFileName(path) != "kept");
            File.Copy(temporary, temporary + "0"); // what a kill between write and rename leaves
        });
        Assert.Equal(1, DurableFile.RemoveLeftovers(_folder.Path));
        Assert.Equal(["kept", "killed"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Wanting_more_than_is_free_is_refused_before_anything_is_written()
    {
        var thrown = Assert.Throws<LabException>(() => DurableFile.RequireFreeSpace(_folder.File("not", "yet"), long.MaxValue, "the checkpoints"));
        Assert.Equal(ProblemCode.StorageFull, thrown.Code);
        Assert.Contains("the checkpoints: 9,223,372,036,854,775,807 bytes are wanted", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        DurableFile.RequireFreeSpace(_folder.Path, 1, "a byte");
    }

    [LinuxFact("/dev/full")] // it answers every write with ENOSPC
    public void The_systems_no_space_error_becomes_StorageFull()
    {
        var thrown = Assert.Throws<LabException>(() => DurableFile.Write(_folder.File("f"), _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write(new byte[10]);
        }, expectedBytes: 4321));
        Assert.Equal(ProblemCode.StorageFull, thrown.Code);
        Assert.Contains(_folder.File("f"), thrown.Message, StringComparison.Ordinal);
        Assert.Contains("4,321 bytes are wanted", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [TinyDiskFact]
    public void A_full_disk_keeps_the_old_file_and_leaves_no_temporary_one()
    {
        using var disk = new TinyDisk();
        var path = Path.Combine(disk.Path, "checkpoint");
        DurableFile.Write(path, "old");
        foreach (var write in new Action[]
        {
            () => DurableFile.Write(path, new byte[2 * TinyDisk.Bytes]),
            () => DurableFile.Write(path, stream => stream.Write(new byte[2 * TinyDisk.Bytes])),
        })
        {
            var thrown = Assert.Throws<LabException>(write);
            Assert.Equal(ProblemCode.StorageFull, thrown.Code);
            Assert.Contains(path, thrown.Message, StringComparison.Ordinal);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(disk.Path));
        }
    }
}
