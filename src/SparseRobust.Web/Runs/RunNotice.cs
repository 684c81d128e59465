using System.Text.Json;
using System.Text.Json.Serialization;

namespace SparseRobust.Web.Runs;

/// <summary>What goes over PostgreSQL's NOTIFY: that a run has new events in the table, or another state. Never the data itself, which is read from the table.</summary>
internal sealed record RunNotice
{
    public const string Channel = "lab_runs";

    [JsonPropertyName("run")]
    public required string RunId { get; init; }

    /// <summary>Sequence before the first new event; equal to <see cref="Last"/> when the events after it were taken back.</summary>
    [JsonPropertyName("from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? From { get; init; }

    [JsonPropertyName("last"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Last { get; init; }

    [JsonIgnore]
    public bool IsRewind => From is not null && From == Last;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static RunNotice? Parse(string payload) => JsonSerializer.Deserialize<RunNotice>(payload);
}
