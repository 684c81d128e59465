namespace SparseRobust.Torch.Modules;

/// <summary>A tensor that a module owns and an optimizer changes. Belongs to no dispose scope once registered.</summary>
public sealed class Parameter : torch.Tensor
{
    /// <summary>Makes a parameter of a tensor's memory; the tensor itself is used up (disposed), as in TorchSharp.</summary>
    /// <param name="data">The values.</param>
    /// <param name="requires_grad">Whether it is trained.</param>
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(Take(data))
    {
        if (requires_grad)
            requires_grad_();
    }

    private static nint Take(torch.Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var result = data.DetachedPointer();
        data.Dispose();
        return result;
    }
}
