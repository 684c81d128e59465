using System.ComponentModel.DataAnnotations;
using System.Net;
using SparseRobust.Lab.Data;

namespace SparseRobust.Web.Hosting;

/// <summary>The machine: addresses, folders, roles. Never a learning rate. From appsettings.json ("Server"), the environment (Server__Port) and the command line (--port).</summary>
internal sealed record ServerOptions
{
    /// <summary>Hugging Face's hub.</summary>
    internal const string DefaultHub = "https://huggingface.co";

    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal)
    {
        ["--port"] = "Server:Port",
        ["--listen"] = "Server:Listen",
        ["--roles"] = "Server:Roles",
        ["--workers"] = "Server:Workers",
        ["--storage"] = "Server:Storage",
        ["--data"] = "Server:Data",
        ["--device"] = "Server:Device",
        ["--node-name"] = "Server:NodeName",
        ["--connection"] = "ConnectionStrings:Lab",
        ["--quickstart"] = "Server:Quickstart",
    };

    /// <summary>0 takes any free port.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 5080;

    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>web, train or both. The web role supervises local workers; train works in this process.</summary>
    public string Roles { get; init; } = "web";

    /// <summary>Local worker processes under the web role, which share the cores; none when the train role is here. Two small trainings side by side get further than one on all cores.</summary>
    [Range(0, 64)]
    public int Workers { get; init; } = Math.Min(2, Environment.ProcessorCount);

    /// <summary>Where everything is kept; empty: data beside the checkout (see EmbeddedPostgres.DefaultFolder).</summary>
    public string Storage { get; init; } = "";

    /// <summary>Dataset folders joined by the path separator; those of SPARSEROBUST_DATA are searched after them.</summary>
    public string Data { get; init; } = "";

    /// <summary>Those folders, those of the environment, and last the server's own below the storage root, which nodes share.</summary>
    internal DatasetFolders Folders
    {
        get
        {
            var named = DatasetFolders.FromEnvironment(Data.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Folders;
            return new DatasetFolders(Storage.Length == 0 ? named : [.. named.Append(new Storage(Storage).Datasets).Distinct(StringComparer.Ordinal)]);
        }
    }

    /// <summary>Most bytes of a dataset that is sent or fetched, and of its content when it is gzipped.</summary>
    [Range(1, long.MaxValue)]
    public long DatasetBytes { get; init; } = 2L << 30;

    /// <summary>Hosts that files may be fetched from, joined by commas: names such as data.example.org, with :port if it is not the scheme's. Empty: none, for the server may reach what its visitors may not.</summary>
    public string DownloadHosts { get; init; } = "";

    /// <summary>Most bytes of a pre-trained model that is imported, and of the archive in which it is sent.</summary>
    [Range(1, long.MaxValue)]
    public long ModelBytes { get; init; } = 8L << 30;

    /// <summary>The hub that pre-trained models are fetched from: Hugging Face's, or one that speaks as it does; empty: none.</summary>
    public string HubEndpoint { get; init; } = DefaultHub;

    /// <summary>Sent to the hub and nowhere else; empty: none.</summary>
    public string HubToken { get; init; } = "";

    /// <summary>Folders that pre-trained models may be imported from, joined by the path separator, beside the dataset folders.</summary>
    public string ImportFolders { get; init; } = "";

    /// <summary>Those folders, the dataset folders and those of this server's own stages, as absolute paths.</summary>
    internal IReadOnlyList<string> ModelFolders =>
        [.. new Storage(Storage).StageFolders.Concat(ImportFolders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)).Concat(Folders.Folders).Distinct(StringComparer.Ordinal)];

    /// <summary>cpu, or cuda:N.</summary>
    public string Device { get; init; } = "cpu";

    public string NodeName { get; init; } = "";

    /// <summary>Queue the quickstart on an empty database and report on it.</summary>
    public bool Quickstart { get; init; }

    /// <summary>Required for any address but loopback.</summary>
    public string AdminKey { get; init; } = "";

    /// <summary>Given, it is used; else the server keeps a PostgreSQL of its own.</summary>
    public string Connection { get; init; } = "";

    /// <summary>How long a worker may be silent before its run counts as lost. Long enough for a slow disk.</summary>
    public TimeSpan LeaseSilence { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Most tokens of one computation of /predict, padding included; 0 chooses by the device: 2048 on a CPU, 16384 on a GPU.</summary>
    [Range(0, 1 << 24)]
    public int PredictBatchTokens { get; init; }

    /// <summary>Most texts accepted by /predict and not yet answered; more are refused with 429.</summary>
    [Range(1, 1 << 20)]
    public int PredictQueue { get; init; } = 512;

    /// <summary>Most models kept loaded for /predict.</summary>
    [Range(1, 1_000)]
    public int PredictModels { get; init; } = 8;

    public bool IsWeb => HasRole("web");

    public bool IsTrain => HasRole("train");

    public bool IsLoopback => IPAddress.TryParse(Listen, out var address) ? IPAddress.IsLoopback(address) : Listen == "localhost";

    /// <summary>Stable over restarts, so that a restarted node finds its own interrupted work at once.</summary>
    public string NodeId => NodeName.Length > 0 ? NodeName : $"{Environment.MachineName}-{(IsTrain ? "train" : "web")}";

    /// <exception cref="HostingException">OptionsInvalid, naming the key.</exception>
    public static ServerOptions From(string[] args)
    {
        List<string> spelled = [.. Spelled(args)];
        var unknown = spelled.Where((arg, i) => arg.StartsWith("--", StringComparison.Ordinal) && !Switches.ContainsKey(arg.Split('=')[0]) && !arg.Contains(':', StringComparison.Ordinal)).ToList();
        if (unknown.Count > 0)
            throw new HostingException(HostingException.OptionsInvalid, $"{unknown[0]} is no option of the server. There are: {string.Join(", ", Switches.Keys)}.");
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine([.. spelled], Switches)
            .Build();
        var options = Bound(configuration) with
        {
            Connection = configuration.GetConnectionString("Lab") ?? "",
            AdminKey = SecretFrom(configuration, "SPARSEROBUST_ADMIN_KEY", "the administrator's key"),
            HubToken = SecretFrom(configuration, "SPARSEROBUST_HUB_TOKEN", "the hub's token"),
        };
        options.Check();
        return options;
    }

    /// <summary>A switch without a value is a yes; --data may be repeated.</summary>
    private static IEnumerable<string> Spelled(string[] args)
    {
        var folders = args.Select((arg, i) => (arg, i)).Where(each => each.arg == "--data" && each.i + 1 < args.Length).Select(each => each.i + 1).ToList();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--data" && folders.Contains(i + 1))
                i++;
            else if (args[i] == "--quickstart" && (i + 1 == args.Length || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
                yield return "--quickstart=true";
            else
                yield return args[i];
        }
        if (folders.Count > 0)
            yield return "--data=" + string.Join(Path.PathSeparator, folders.Select(i => args[i]));
    }

    private static ServerOptions Bound(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection("Server").Get<ServerOptions>() ?? new ServerOptions();
        }
        catch (InvalidOperationException e)
        {
            throw new HostingException(HostingException.OptionsInvalid, $"An option cannot be read: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static string SecretFrom(IConfiguration configuration, string name, string what)
    {
        if (configuration[name] is { } secret)
            return secret;
        if (configuration[name + "_FILE"] is not { } file)
            return "";
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new HostingException(HostingException.OptionsInvalid, $"{name}_FILE: \"{file}\" cannot be read: {e.Message} Name a file that holds {what}.", e);
        }
    }

    private void Check()
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(this, new ValidationContext(this), results, validateAllProperties: true))
            throw new HostingException(HostingException.OptionsInvalid, string.Join(" ", results.Select(result => $"Server:{result.MemberNames.First()}: {result.ErrorMessage}")));
        if (Roles.Split(',', StringSplitOptions.TrimEntries).Except(["web", "train"]).FirstOrDefault() is { } role)
            throw new HostingException(HostingException.OptionsInvalid, $"--roles: \"{role}\" is no role; there are web and train.");
        if (Listen != "localhost" && !IPAddress.TryParse(Listen, out _))
            throw new HostingException(HostingException.OptionsInvalid, $"--listen: \"{Listen}\" is no address; give an IP address such as 0.0.0.0, or localhost.");
        if (IsWeb && !IsLoopback && AdminKey.Length < 16)
            throw new HostingException(HostingException.OptionsInvalid, $"--listen {Listen} is open to other machines and needs an administrator key of at least 16 characters: set SPARSEROBUST_ADMIN_KEY, or SPARSEROBUST_ADMIN_KEY_FILE to a file that holds it. Without a key the server listens on 127.0.0.1 only.");
        if (!IsWeb && Connection.Length == 0)
            throw new HostingException(HostingException.OptionsInvalid, "--roles train needs the database of a web node: give --connection \"Host=...;Username=...;Password=...;Database=...\".");
        if (HubEndpoint.Length > 0 && !(Uri.TryCreate(HubEndpoint, UriKind.Absolute, out var hub) && hub is { Scheme: "https" or "http", UserInfo: "", Query: "", Fragment: "" }))
            throw new HostingException(HostingException.OptionsInvalid, $"Server:HubEndpoint: \"{HubEndpoint}\" is no address of a hub; give one such as {DefaultHub}, or leave it empty for none.");
        foreach (var folder in Data.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            CheckDataFolder(folder);
    }

    private static void CheckDataFolder(string folder)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            entries.MoveNext();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostingException(HostingException.OptionsInvalid, $"--data: the folder \"{folder}\" cannot be read: {e.Message} Name a folder of datasets, or leave --data out: the built-in task needs none.", e);
        }
    }

    private bool HasRole(string role) => Roles.Split(',', StringSplitOptions.TrimEntries).Contains(role);
}
