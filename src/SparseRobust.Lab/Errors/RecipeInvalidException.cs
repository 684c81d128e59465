namespace SparseRobust.Lab.Errors;

/// <summary>One thing wrong with a recipe.</summary>
/// <param name="Path">JSON path of the field: $.paradigm.pruning.sparsity.</param>
/// <param name="Message">What is wrong, with the value, and what would be right.</param>
public sealed record Fault(string Path, string Message);

/// <summary>A recipe with faults, all of them.</summary>
/// <param name="faults">At least one.</param>
public sealed class RecipeInvalidException(IReadOnlyList<Fault> faults)
    : LabException(ProblemCode.RecipeInvalid, string.Join(Environment.NewLine, faults.Select(fault => $"{fault.Path}: {fault.Message}")))
{
    /// <summary>Everything that is wrong, in document order.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;
}
