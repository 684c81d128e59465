namespace SparseRobust.Lab.Training;

/// <summary>AdamW over the trainable parameters, with its moments reachable by name for checkpoints.</summary>
internal sealed class Optimizer : IDisposable
{
    private readonly AdamW _adamW;
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _named;

    public Optimizer(IReadOnlyList<(string Name, Parameter Parameter)> trainable, TrainingSpec spec)
    {
        _named = trainable;
        Parameters = [.. trainable.Select(entry => entry.Parameter)];
        _adamW = optim.AdamW(Parameters, spec.LearningRate, spec.AdamBeta1, spec.AdamBeta2, spec.AdamEpsilon, spec.WeightDecay);
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    public double LearningRate
    {
        set
        {
            foreach (var group in _adamW.ParamGroups)
                group.LearningRate = value;
        }
    }

    /// <summary>One update; gradients are cleared afterwards.</summary>
    public void Step()
    {
        _adamW.step();
        _adamW.zero_grad();
    }

    public void Dispose() => _adamW.Dispose();
}
