namespace SparseRobust.Web.Hosting;

/// <summary>The server cannot run on this machine as it is. The message says what is wrong, the value, and what to do; it is for the person who started it.</summary>
internal sealed class HostingException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public const string DatabaseUnavailable = nameof(DatabaseUnavailable);
    public const string OptionsInvalid = nameof(OptionsInvalid);
    public const string PortTaken = nameof(PortTaken);

    /// <summary>Stable: scripts may depend on it.</summary>
    public string Code { get; } = code;

    public static HostingException Database(string message, Exception? inner = null) => new(DatabaseUnavailable, message, inner);
}
