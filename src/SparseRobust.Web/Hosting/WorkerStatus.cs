namespace SparseRobust.Web.Hosting;

/// <summary>A local worker process as its supervisor sees it. The process id and start are null between two lives.</summary>
internal sealed record WorkerStatus(int Index, int? ProcessId, DateTimeOffset? Started, int Restarts, int? LastExitCode);
