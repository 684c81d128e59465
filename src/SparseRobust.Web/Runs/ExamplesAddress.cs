namespace SparseRobust.Web.Runs;

/// <summary>Where the page with the rows behind a score is.</summary>
internal static class ExamplesAddress
{
    public static string Of(string runId) => $"/runs/{Uri.EscapeDataString(runId)}/examples";

    public static string Of(ScoreRow score) =>
        $"{Of(score.RunId)}?stage={Uri.EscapeDataString(score.StageHash)}&dataset={Uri.EscapeDataString(score.Dataset)}&split={Uri.EscapeDataString(score.Split)}";
}
