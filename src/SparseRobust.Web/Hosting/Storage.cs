namespace SparseRobust.Web.Hosting;

/// <summary>The storage root's layout. One root may be shared by several machines over a network file system.</summary>
internal sealed class Storage(string root)
{
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The laboratory's root: runs/ and stages/.</summary>
    public string Lab => Path.Combine(Root, "lab");

    /// <summary>The laboratory's root for a run's n-th repetition: it shares nothing, so it does everything again.</summary>
    public string LabOf(int rerun) => rerun == 0 ? Lab : Path.Combine(Root, "reruns", rerun.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Folders that hold the output of stages.</summary>
    public IReadOnlyList<string> StageFolders => [Path.Combine(Lab, "stages"), Path.Combine(Root, "reruns")];

    /// <summary>The server's own data folder: datasets that were sent to it. Searched after all others.</summary>
    public string Datasets => Path.Combine(Root, "datasets");

    /// <summary>Pre-trained models that runs may start from. Searched before those that come with the program.</summary>
    public string Models => Path.Combine(Root, "models");

    public string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>A path below the root from the database; refuses what leads out of it.</summary>
    public string Absolute(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, relative));
        return path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : throw new InvalidOperationException($"'{relative}' leads out of the storage root");
    }
}
