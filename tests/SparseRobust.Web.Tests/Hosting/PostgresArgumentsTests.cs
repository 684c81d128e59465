using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class PostgresArgumentsTests
{
    [Theory]
    [InlineData(64L << 20, true)]
    [InlineData(256L << 20, false)]
    public void Dynamic_shared_memory_is_in_files_only_where_dev_shm_is_small(long bytes, bool inFiles) =>
        Assert.Equal(inFiles, PostgresInstance.Arguments("/data", 5432, bytes).Contains("dynamic_shared_memory_type=mmap"));

    [Fact]
    public void The_data_lie_in_the_checkout_when_PostgreSQL_can_get_there() =>
        Assert.Equal("/home/ada/lab/data", EmbeddedPostgres.DefaultFolder("/home/ada/lab/", folder => folder == "/home/ada/lab/data"));

    [Fact]
    public void The_data_of_a_closed_checkout_lie_in_a_system_folder_of_its_own()
    {
        var one = EmbeddedPostgres.DefaultFolder("/root/one", _ => false);
        Assert.Matches("^/var/lib/sparserobust/[0-9a-f]{12}$", one);
        Assert.Equal(one, EmbeddedPostgres.DefaultFolder("/root/one/", _ => false));
        Assert.NotEqual(one, EmbeddedPostgres.DefaultFolder("/root/two", _ => false));
    }

    [RootFact]
    public void A_folder_below_a_closed_one_cannot_be_reached()
    {
        using var folder = new OpenFolder();
        Directory.CreateDirectory(folder.Inside("closed/checkout"));
        Assert.True(PostgresAccount.CanReach(folder.Inside("closed/checkout/data")));
        OpenFolder.Allow(folder.Inside("closed"), 0b111_000_000);
        Assert.False(PostgresAccount.CanReach(folder.Inside("closed/checkout/data")));
        Assert.StartsWith("/var/lib/sparserobust/", EmbeddedPostgres.DefaultFolder(folder.Inside("closed/checkout")), StringComparison.Ordinal);
    }
}
