using System.Text.Json.Serialization;

namespace SparseRobust.Web.Shell;

/// <summary>Where a stage lies on the run-wide step axis. Written into the chart's data-stages.</summary>
public sealed record ChartStage([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("start")] long Start, [property: JsonPropertyName("end")] long End);
