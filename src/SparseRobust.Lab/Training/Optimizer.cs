using SparseRobust.Lab.Checkpoints;

namespace SparseRobust.Lab.Training;

/// <summary>AdamW over the trainable parameters, with its moments reachable by name for checkpoints.</summary>
internal sealed class Optimizer : IDisposable
{
    private readonly AdamW _adamW;
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _named;

    public Optimizer(IReadOnlyList<(string Name, Parameter Parameter)> trainable, OptimizationSpec spec)
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

    /// <summary>Moments and update counts by name, for a checkpoint.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State() =>
        [.. Moments(), ("optimizer.steps", tensor(States.Select(state => state.step).ToArray()))];

    public void Restore(TensorFile file)
    {
        foreach (var (name, moment) in Moments())
            file.CopyInto(name, moment);
        foreach (var (state, step) in States.Zip(file.Read("optimizer.steps").data<long>().ToArray()))
            state.step = step;
    }

    public void Dispose() => _adamW.Dispose();

    private IEnumerable<AdamW.State> States => _adamW.state_dict().State.Cast<AdamW.State>();

    private IEnumerable<(string Name, Tensor Tensor)> Moments() => _named.Zip(States).SelectMany(pair => new[]
    {
        ($"optimizer.exp_avg.{pair.First.Name}", pair.Second.exp_avg),
        ($"optimizer.exp_avg_sq.{pair.First.Name}", pair.Second.exp_avg_sq),
    });
}
