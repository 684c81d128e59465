using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    /// <summary>The tensors remembered, in an order of their own. How many depends on the options; null is one that no step has made yet.</summary>
    private protected virtual Tensor?[] Tensors
    {
        get => [];
        set { }
    }

    /// <summary>Takes over another state by value.</summary>
    /// <param name="source">A state of the same class; left as it is.</param>
    /// <exception cref="ArgumentException">It is of another class, or of other options.</exception>
    public virtual void LoadStateDict(OptimizerState source)
    {
        if (ReferenceEquals(this, source))
            return;
        var own = Tensors;
        if (source.GetType() != GetType() || source.Tensors.Length != own.Length)
            throw new ArgumentException($"A state of the class {GetType()} with the same options is needed.", nameof(source));
        using var guard = no_grad();
        Tensors = [.. own.Zip(source.Tensors, Taken)];
    }

    /// <summary>Compares two states.</summary>
    /// <param name="other">The other.</param>
    /// <returns>Whether they are about equal.</returns>
    public virtual bool ApproximatelyEquals(OptimizerState other)
    {
        var (own, theirs) = (Tensors, other.Tensors);
        return other.GetType() == GetType() && own.Length == theirs.Length
            && own.Zip(theirs).All(pair => pair is ({ } left, { } right) ? left.allclose(right) : pair is (null, null));
    }

    /// <summary>Moves the state to a device.</summary>
    /// <param name="device">The device.</param>
    public virtual void to(Device device) =>
        Tensors = Array.ConvertAll(Tensors, tensor => tensor?.to(device, disposeAfter: true).DetachFromDisposeScope());

    /// <summary>Frees the tensors.</summary>
    internal void Free()
    {
        foreach (var tensor in Tensors)
            tensor?.Dispose();
    }

    private protected static Tensor ZerosLike(Parameter parameter) => zeros_like(parameter).DetachFromDisposeScope();

    private static Tensor? Taken(Tensor? own, Tensor? theirs)
    {
        if (own is not null && theirs is not null)
            return own.copy_(theirs);
        own?.Dispose();
        return theirs?.detach().clone().DetachFromDisposeScope();
    }
}
