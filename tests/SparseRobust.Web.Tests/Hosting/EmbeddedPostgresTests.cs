using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

[Trait("Category", "Postgres")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly OpenFolder _folder = new();

    private string Data => _folder.Inside("lab/data");

    private string Cluster => Path.Combine(Data, "postgres");

    public void Dispose() => _folder.Dispose();

    private Task<EmbeddedPostgres> Start(int? port = null) =>
        EmbeddedPostgres.StartAsync(new(Data) { Port = port }, NullLogger.Instance, CancellationToken.None);

    private async Task<string> RefusalAsync(EmbeddedPostgresOptions? options = null)
    {
        var refusal = await Assert.ThrowsAsync<HostingException>(() => EmbeddedPostgres.StartAsync(options ?? new(Data), NullLogger.Instance, CancellationToken.None));
        Assert.Equal(HostingException.DatabaseUnavailable, refusal.Code);
        return refusal.Message;
    }

    private static async Task<T> Ask<T>(EmbeddedPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException($"No row from: {sql}"));
    }

    private async Task MakeOnce()
    {
        await using var postgres = await Start();
        await Ask<int>(postgres, "create table kept as select 42 as x; select x from kept");
    }

    private static int Port(EmbeddedPostgres postgres) => new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Port;

    [PostgresFact]
    public async Task A_first_start_makes_a_durable_private_database()
    {
        await using var postgres = await Start();
        Assert.Equal("sparserobust|sparserobust|UTF8", await Ask<string>(postgres, "select current_database() || '|' || current_setting('application_name') || '|' || current_setting('server_encoding')"));
        Assert.Equal("127.0.0.1||on|on|150", await Ask<string>(postgres,
            "select concat_ws('|', current_setting('listen_addresses'), current_setting('unix_socket_directories'), current_setting('fsync'), current_setting('synchronous_commit'), current_setting('max_connections'))"));
        Assert.Equal(0b110_000_000, OpenFolder.Mode(Path.Combine(Data, "postgres.password")));
        Assert.Contains("ready to accept connections", ReadLog(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_wrong_password_does_not_open_it()
    {
        await using var postgres = await Start();
        var wrong = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())).SqlState);
    }

    [PostgresFact]
    public async Task A_second_start_finds_the_data_of_the_first()
    {
        await MakeOnce();
        await using var postgres = await Start();
        Assert.Equal(42, await Ask<int>(postgres, "select x from kept"));
    }

    [PostgresFact]
    public async Task Stopping_ends_PostgreSQL_even_with_a_client_in_a_transaction()
    {
        var postgres = await Start();
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await postgres.DisposeAsync();
        Assert.False(ChildProcessTests.IsAlive(postgres.ProcessId));
        Assert.Contains("database system is shut down", ReadLog(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_second_server_on_the_folder_is_refused_and_the_first_goes_on()
    {
        await using var postgres = await Start();
        var message = await RefusalAsync();
        Assert.Contains($"'{Data}'", message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", message, StringComparison.Ordinal);
        Assert.Equal(1, await Ask<int>(postgres, "select 1"));
    }

    [PostgresFact]
    public async Task A_killed_postmaster_comes_back_on_the_same_port_with_the_data()
    {
        await using var postgres = await Start();
        await Ask<int>(postgres, "create table kept as select 42 as x; select x from kept");
        var (connectionString, killed) = (postgres.ConnectionString, postgres.ProcessId);
        ChildProcess.Signal(killed, UnixSignal.Kill);
        await Eventually.HoldsAsync(() => postgres.Restarts == 1, "PostgreSQL runs again");
        Assert.Equal(connectionString, postgres.ConnectionString);
        Assert.NotEqual(killed, postgres.ProcessId);
        Assert.Equal(42, await Ask<int>(postgres, "select x from kept"));
    }

    [PostgresFact]
    public async Task A_postmaster_left_by_a_killed_server_is_stopped_first()
    {
        await MakeOnce();
        var binaries = PostgresBinaries.Find(null, null);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var ready = new TaskCompletionSource();
        var leftover = await ChildProcess.StartAsync(
            new(binaries.Server, PostgresInstance.Arguments(Cluster, port, long.MaxValue)) { Account = PostgresAccount.Name },
            line => _ = line.Contains("ready to accept", StringComparison.Ordinal) && ready.TrySetResult());
        await Task.WhenAny(ready.Task, leftover.Exit);
        Assert.False(leftover.HasExited);
        await using var postgres = await Start();
        Assert.Equal(0, await leftover.Exit);
        Assert.Equal(42, await Ask<int>(postgres, "select x from kept"));
    }

    [PostgresFact]
    public async Task A_stranger_with_the_number_of_the_old_postmaster_is_left_alone()
    {
        await MakeOnce();
        var stranger = await ChildProcess.StartAsync(new("sleep", ["1000"]) { Account = PostgresAccount.Name }, _ => { });
        await File.WriteAllTextAsync(Path.Combine(Cluster, "postmaster.pid"), $"{stranger.Id}\n{Cluster}\n");
        await using (var postgres = await Start()) Assert.Equal(42, await Ask<int>(postgres, "select x from kept"));
        Assert.False(stranger.HasExited);
        stranger.Signal(UnixSignal.Kill);
        Assert.Equal(137, await stranger.Exit);
    }

    [PostgresFact]
    public async Task A_first_start_that_was_killed_is_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(Data, "postgres.tmp", "base"));
        await File.WriteAllTextAsync(Path.Combine(Data, "postgres.tmp", "PG_VERSION"), "15");
        await MakeOnce();
        Assert.False(Directory.Exists(Path.Combine(Data, "postgres.tmp")));
    }

    [PostgresFact]
    public async Task A_port_that_is_taken_is_refused_by_its_number_and_a_free_one_is_found()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;
        Assert.Contains($"Port {taken}", await RefusalAsync(new(Data) { Port = taken }), StringComparison.Ordinal);
        await using var postgres = await Start();
        Assert.NotEqual(taken, Port(postgres));
    }

    [PostgresFact]
    public async Task A_cluster_of_another_version_is_left_as_it_is()
    {
        await MakeOnce();
        await File.WriteAllTextAsync(Path.Combine(Cluster, "PG_VERSION"), "9.6\n");
        Assert.Contains("was made by PostgreSQL 9,", await RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal("9.6\n", await File.ReadAllTextAsync(Path.Combine(Cluster, "PG_VERSION")));
    }

    [PostgresFact]
    public async Task A_lost_or_wrong_password_is_explained()
    {
        await MakeOnce();
        var file = Path.Combine(Data, "postgres.password");
        await File.WriteAllTextAsync(file, "wrong");
        Assert.Contains("does not accept the password", await RefusalAsync(), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains($"'{file}'", await RefusalAsync(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_broken_cluster_is_refused_with_the_words_of_PostgreSQL()
    {
        await MakeOnce();
        File.Delete(Path.Combine(Cluster, "global", "pg_control"));
        var message = await RefusalAsync();
        Assert.Contains("pg_control", message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Data, "postgres.log"), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_cluster_is_not_touched()
    {
        Directory.CreateDirectory(Cluster);
        await File.WriteAllTextAsync(Path.Combine(Cluster, "thesis.tex"), "mine");
        Assert.Contains("is not a PostgreSQL cluster", await RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(Cluster, "thesis.tex")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await File.WriteAllTextAsync(_folder.Inside("file"), "");
        Assert.Contains($"'{_folder.Inside("file/data")}'", await RefusalAsync(new(_folder.Inside("file/data"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_folder_is_refused() => Assert.Contains("'data'", await RefusalAsync(new("data")), StringComparison.Ordinal);

    [Fact]
    public async Task Missing_binaries_are_explained_and_the_folder_is_free_again()
    {
        var options = new EmbeddedPostgresOptions(Data) { BinariesFolder = _folder.Path };
        Assert.Contains("postgresql-15", await RefusalAsync(options), StringComparison.Ordinal);
        Assert.Contains("postgresql-15", await RefusalAsync(options), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_folder_that_the_user_postgres_cannot_get_into_is_refused()
    {
        Directory.CreateDirectory(_folder.Inside("lab"));
        OpenFolder.Allow(_folder.Inside("lab"), 0b111_000_000);
        var message = await RefusalAsync();
        Assert.Contains($"cannot get into '{Data}'", message, StringComparison.Ordinal);
        Assert.Contains("chmod o+x", message, StringComparison.Ordinal);
    }

    private string ReadLog() => File.ReadAllText(Path.Combine(Data, "postgres.log"));
}
