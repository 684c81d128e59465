namespace SparseRobust.Lab.Checkpoints;

/// <summary>What a pickle may name and call, in place of Python's imports: a closed list for each kind of file. Every other name is refused; nothing is ever imported or run.</summary>
/// <param name="corrupt">Makes the exception that is thrown when a pickle is not what it should be.</param>
internal abstract class PickleGlobals(Func<string, Exception> corrupt)
{
    /// <summary>Whether <see cref="Persistent"/> is for these pickles; otherwise the opcode is refused.</summary>
    public virtual bool HasPersistentIds => false;

    /// <summary>The exception for what is wrong.</summary>
    public Exception Corrupt(string problem) => corrupt(problem);

    /// <summary>What stands for a name that is in the list; a refusal, naming it, for every other.</summary>
    public abstract object Find(string module, string name);

    /// <summary>What calling it gives.</summary>
    /// <param name="callable">What <see cref="Find"/> gave, if the pickle is right.</param>
    /// <param name="arguments">What it is called with.</param>
    public abstract object Call(object? callable, object?[] arguments);

    /// <summary>Sets the state of something that was made.</summary>
    public abstract void Build(object? target, object? state);

    /// <summary>What an id refers to that lies outside the pickle.</summary>
    public virtual object Persistent(object? id) => throw Corrupt("it refers to something outside itself");

    /// <summary>Whether something may be the key of a dict.</summary>
    public virtual bool IsKey(object? key) => key is long or string or bool or double;

    /// <summary>The refusal of a name.</summary>
    protected Exception Refused(string module, string name, string what) =>
        Corrupt($"it asks for {new string([.. $"{module}.{name}".Take(100).Select(c => char.IsControl(c) ? '?' : c)])}, which is not part of {what}; nothing of it was run");
}
