using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly OpenFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Installed(int version)
    {
        _folder.Script($"{version}/bin/initdb", "exit 0");
        _folder.Script($"{version}/bin/postgres", $"echo 'postgres (PostgreSQL) {version}.3 (Debian {version}.3-1)'");
        return _folder.Inside($"{version}/bin");
    }

    [Fact]
    public void The_newest_version_is_chosen_by_number()
    {
        string[] folders = [Installed(9), Installed(16), Installed(15)];
        Assert.Equal(new PostgresBinaries(folders[1], 16), PostgresBinaries.Choose(folders, null));
    }

    [Fact]
    public void The_version_that_made_the_cluster_goes_before_a_newer_one()
    {
        string[] folders = [Installed(16), Installed(15)];
        Assert.Equal(15, PostgresBinaries.Choose(folders, 15).Version);
        Assert.Equal(16, PostgresBinaries.Choose(folders, 14).Version);
    }

    [Fact]
    public void Installations_and_the_path_are_searched_for_both_programs()
    {
        var (packaged, onPath) = (Installed(15), Installed(16));
        _folder.Script("17/bin/postgres", "exit 0");
        var installations = _folder.Inside("only");
        Directory.CreateDirectory(installations);
        Directory.Move(_folder.Inside("15"), Path.Combine(installations, "15"));
        Assert.Equal(
            [packaged.Replace("/15/", "/only/15/", StringComparison.Ordinal), onPath],
            PostgresBinaries.Candidates(installations, $"/nowhere:{onPath}:{_folder.Inside("17/bin")}:{onPath}"));
    }

    [Fact]
    public void A_machine_without_PostgreSQL_is_told_how_to_get_it()
    {
        var exception = Assert.Throws<HostingException>(() => PostgresBinaries.Choose([], null));
        Assert.Equal("DatabaseUnavailable", exception.Code);
        Assert.Contains("apt-get install --no-install-recommends postgresql-15", exception.Message, StringComparison.Ordinal);
        Assert.Contains("./run.sh", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_programs_is_named()
    {
        var exception = Assert.Throws<HostingException>(() => PostgresBinaries.Find(_folder.Path, null));
        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_does_not_know_its_version_is_refused()
    {
        var folder = Installed(15);
        _folder.Script("15/bin/postgres", "echo broken");
        Assert.Contains("'broken'", Assert.Throws<HostingException>(() => PostgresBinaries.Find(folder, null)).Message, StringComparison.Ordinal);
    }
}
