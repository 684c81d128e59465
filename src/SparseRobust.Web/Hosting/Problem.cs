using SparseRobust.Lab.Errors;

namespace SparseRobust.Web.Hosting;

/// <summary>A failure that only a server knows, with its stable code (docs/problems.md). What the laboratory knows comes as a <see cref="LabException"/>.</summary>
internal sealed class Problem(string code, string message) : Exception(message)
{
    public string Code { get; } = code;

    /// <summary>Faults by JSON path, for requests with several.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public static Problem NotFound(string what, string id) => new("NotFound", $"There is no {what} \"{id}\". GET the list to see what there is.");

    public static Problem Conflict(string message) => new("StateConflict", message);

    public static Problem Invalid(string path, string message) => new("RequestInvalid", $"{path}: {message}") { Faults = [new Fault(path, message)] };
}
