using SparseRobust.Lab.Errors;

namespace SparseRobust.Web.Launch;

/// <summary>The faults of a form by the path of the field they are shown beside.</summary>
public sealed class FormFaults
{
    private readonly ILookup<string, string> _messages;

    public FormFaults(IEnumerable<Fault> faults)
    {
        All = [.. faults];
        _messages = All.ToLookup(fault => Field(fault.Path), fault => fault.Message, StringComparer.Ordinal);
    }

    public static FormFaults None { get; } = new([]);

    public IReadOnlyList<Fault> All { get; }

    /// <summary>By JSON path, as ProblemNotice takes them.</summary>
    public IReadOnlyDictionary<string, string[]> ByPath => All.GroupBy(fault => fault.Path).ToDictionary(group => group.Key, group => group.Select(fault => fault.Message).ToArray());

    /// <summary>What is wrong with a field; null when nothing is.</summary>
    public string? Of(string path) => _messages.Contains(path) ? string.Join(" ", _messages[path]) : null;

    /// <summary>$.paradigm[full-model].fine_tuning is paradigm.fine_tuning.</summary>
    public static string Field(string path) => System.Text.RegularExpressions.Regex.Replace(path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path, @"\[[^\]]*\]", "");
}
