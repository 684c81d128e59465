using SparseRobust.Lab.Checkpoints;

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

    /// <summary>Moments and update counts by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State()
    {
        for (var i = 0; i < _named.Count; i++)
        {
            yield return ($"optimizer.exp_avg.{_named[i].Name}", _adamW.ExpAvg[i]);
            yield return ($"optimizer.exp_avg_sq.{_named[i].Name}", _adamW.ExpAvgSq[i]);
        }
        yield return ("optimizer.steps", tensor(_adamW.Steps));
    }

    public void Restore(TensorFile file)
    {
        foreach (var (name, moment) in State().SkipLast(1))
            file.CopyInto(name, moment);
        file.Read("optimizer.steps").data<long>().ToArray().CopyTo(_adamW.Steps, 0);
    }

    public void Dispose() => _adamW.Dispose();
}
