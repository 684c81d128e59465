namespace SparseRobust.Web.Runs;

/// <summary>Where the pages with the rows behind scores are.</summary>
internal static class ExamplesAddress
{
    public static string Of(string runId) => $"/runs/{Uri.EscapeDataString(runId)}/examples";

    public static string Of(ScoreRow score) =>
        $"{Of(score.RunId)}?stage={Uri.EscapeDataString(score.StageHash)}&dataset={Uri.EscapeDataString(score.Dataset)}&split={Uri.EscapeDataString(score.Split)}";

    /// <summary>Where the other run is chosen.</summary>
    public static string Compared(string runId) => $"/runs/compare?run={Uri.EscapeDataString(runId)}";

    public static string Compared(string runId, string otherId) => $"/runs/{Uri.EscapeDataString(runId)}/compare/{Uri.EscapeDataString(otherId)}";
}
