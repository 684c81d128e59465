namespace SparseRobust.Torch.Interop;

/// <summary>A failure inside LibTorch. The message's first line is LibTorch's own.</summary>
public sealed class TorchException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public TorchException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What failed.</param>
    public TorchException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause.</param>
    public TorchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal TorchException(string message, bool outOfMemory)
        : base(message) => IsOutOfMemory = outOfMemory;

    /// <summary>Whether the device or the machine had too little memory.</summary>
    public bool IsOutOfMemory { get; }
}
