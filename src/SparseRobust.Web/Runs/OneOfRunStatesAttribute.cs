using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Runs;

/// <summary>A run's state by its word.</summary>
internal sealed class OneOfRunStatesAttribute() : OneOfAttribute([.. Enum.GetValues<RunState>().Select(state => state.Word())]);
