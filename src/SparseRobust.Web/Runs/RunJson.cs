using System.Text.Json;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Web.Runs;

/// <summary>The laboratory's JSON dialect on one line: what the tables, the hub and the event stream hold.</summary>
internal static class RunJson
{
    public static JsonSerializerOptions Options { get; } = new(LabJson.Make()) { WriteIndented = false };
}
