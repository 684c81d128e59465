namespace SparseRobust.Web.Hosting;

/// <summary>Where files may be fetched from: the hosts that the operator named, and no other, since a server reaches what those who ask it may not.</summary>
internal sealed class DownloadHosts(ServerOptions options)
{
    /// <summary>As the options give them: names, with a port if it is not the scheme's.</summary>
    public IReadOnlyList<string> Names { get; } = options.DownloadHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The address of a file that may be fetched.</summary>
    /// <exception cref="Problem">RequestInvalid, HostRefused.</exception>
    public Uri Require(string url) => Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address)
        ? Require(address)
        : throw Problem.Invalid("$.url", $"\"{url}\" is no address.");

    /// <summary>The same address, if it may be asked; also for where one leads on to.</summary>
    /// <param name="address">The address.</param>
    /// <param name="also">Hosts that may be asked beside those of the options; one that begins with a dot stands for every host below it on the scheme's own port.</param>
    /// <exception cref="Problem">RequestInvalid, HostRefused.</exception>
    public Uri Require(Uri address, params IReadOnlyList<string> also)
    {
        if (address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
            throw Problem.Invalid("$.url", $"\"{address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}\" must begin with https:// or http:// and hold no user name.");
        var host = address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}";
        if (Names.Concat(also).Any(name => string.Equals(name, host, StringComparison.OrdinalIgnoreCase) || name.StartsWith('.') && host.EndsWith(name, StringComparison.OrdinalIgnoreCase)))
            return address;
        throw new Problem("HostRefused", Names.Count == 0
            ? $"This server fetches nothing from {host}. Its operator may allow that host with the option Server:DownloadHosts (Server__DownloadHosts={host} in the environment); or send the file itself."
            : $"This server does not fetch from {host}, only from {string.Join(", ", Names)}. Its operator may add it to the option Server:DownloadHosts; or send the file itself.");
    }
}
