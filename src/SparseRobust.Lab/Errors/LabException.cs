namespace SparseRobust.Lab.Errors;

/// <summary>A failure whose cause lies outside the code: a recipe, a file, a disk, a device. Caller bugs throw <see cref="ArgumentException"/> instead.</summary>
/// <remarks>The message says what is wrong, the offending value and what to do. <see cref="Code"/> is stable and documented in docs/problems.md.</remarks>
public class LabException : Exception
{
    /// <summary>Makes a failure of the given kind.</summary>
    /// <param name="code">The stable kind.</param>
    /// <param name="message">What is wrong, with the value, and what to do.</param>
    /// <param name="inner">The cause, if another exception was.</param>
    public LabException(ProblemCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The stable kind of the failure.</summary>
    public ProblemCode Code { get; }
}
