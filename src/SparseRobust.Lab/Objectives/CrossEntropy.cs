using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Objectives;

/// <summary>Cross-entropy: L = -log softmax(z)[c], batch mean. Called "std" in the paper's code.</summary>
/// <remarks>Source: Win-win Deal, sec. 3.3.</remarks>
public sealed record CrossEntropySpec : ObjectiveSpec
{
    /// <inheritdoc/>
    public override Needs Needs => Needs.None;

    internal override IObjective Build(int hiddenSize) => new CrossEntropy();
}

internal sealed class CrossEntropy : IObjective
{
    public Tensor Loss(in ObjectiveInputs x) => FusedOperators.CrossEntropyWithBias(x.Logits_BC, x.Labels_B, null);
}
