namespace SparseRobust.Torch;

/// <summary>
/// Disposes at its end every tensor that its thread made inside it, save those moved out or detached.
/// Made by <see cref="torch.NewDisposeScope"/>.
/// </summary>
/// <remarks>Scopes are per thread: never await, yield or change threads inside one. Not thread-safe.</remarks>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? t_current;

    private readonly List<IDisposable> _items = [];
    private bool _disposed;

    internal DisposeScope()
    {
        OuterScope = t_current;
        t_current = this;
    }

    /// <summary>The number of disposables that the scope holds now.</summary>
    public int DisposablesCount => _items.Count;

    internal static DisposeScope? Current => t_current;

    internal DisposeScope? OuterScope { get; }

    /// <summary>Adds a disposable to the scope; tensors are added by themselves.</summary>
    /// <typeparam name="T">The disposable's type.</typeparam>
    /// <param name="disposable">What to dispose at the scope's end.</param>
    /// <returns>The same object.</returns>
    public T Include<T>(T disposable)
        where T : IDisposable
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (disposable is torch.Tensor tensor)
            Add(tensor);
        else if (!_items.Contains(disposable))
            _items.Add(disposable);
        return disposable;
    }

    /// <summary>Moves a disposable to the enclosing scope; without one it belongs to nobody but the caller.</summary>
    /// <typeparam name="T">The disposable's type.</typeparam>
    /// <param name="disposable">What to move; nothing happens when this scope does not hold it.</param>
    /// <returns>The same object.</returns>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        Move(disposable, OuterScope);
        return disposable;
    }

    /// <summary>Moves two disposables to the enclosing scope.</summary>
    /// <typeparam name="T1">The first one's type.</typeparam>
    /// <typeparam name="T2">The second one's type.</typeparam>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <returns>The same objects.</returns>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    /// <summary>Moves three disposables to the enclosing scope.</summary>
    /// <typeparam name="T1">The first one's type.</typeparam>
    /// <typeparam name="T2">The second one's type.</typeparam>
    /// <typeparam name="T3">The third one's type.</typeparam>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <returns>The same objects.</returns>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    /// <summary>Moves disposables to the enclosing scope.</summary>
    /// <param name="disposables">What to move.</param>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    /// <summary>Moves disposables to the enclosing scope.</summary>
    /// <param name="disposables">What to move.</param>
    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            Move(disposable, OuterScope);
    }

    /// <summary>Takes a disposable out of every scope: its holder must dispose it.</summary>
    /// <typeparam name="T">The disposable's type.</typeparam>
    /// <param name="disposable">What to take out; nothing happens when this scope does not hold it.</param>
    /// <returns>The same object.</returns>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Move(disposable, null);
        return disposable;
    }

    /// <summary>Takes two disposables out of every scope.</summary>
    /// <typeparam name="T1">The first one's type.</typeparam>
    /// <typeparam name="T2">The second one's type.</typeparam>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <returns>The same objects.</returns>
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (Detach(first), Detach(second));

    /// <summary>Takes three disposables out of every scope.</summary>
    /// <typeparam name="T1">The first one's type.</typeparam>
    /// <typeparam name="T2">The second one's type.</typeparam>
    /// <typeparam name="T3">The third one's type.</typeparam>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    /// <returns>The same objects.</returns>
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    /// <summary>Takes disposables out of every scope.</summary>
    /// <param name="disposables">What to take out.</param>
    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
            Move(disposable, null);
    }

    /// <summary>Tells whether the scope holds a disposable.</summary>
    /// <param name="disposable">What to look for.</param>
    /// <returns>True when the scope will dispose it.</returns>
    public bool Contains(IDisposable disposable) =>
        disposable is torch.Tensor tensor ? ReferenceEquals(tensor.OwningScope, this) : _items.Contains(disposable);

    /// <summary>Disposes what the scope holds now and leaves the scope open.</summary>
    public void DisposeEverything()
    {
        while (_items.Count > 0)
        {
            var last = _items[^1];
            _items.RemoveAt(_items.Count - 1);
            if (last is torch.Tensor tensor)
                tensor.OwningScope = null;
            last.Dispose();
        }
    }

    /// <summary>Disposes what the scope holds and closes it, with any scope left open inside it.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        for (var scope = t_current; scope is not null; scope = scope.OuterScope)
        {
            if (!ReferenceEquals(scope, this))
                continue;
            while (!ReferenceEquals(t_current, this))
                t_current!.Dispose();
            t_current = OuterScope;
            break;
        }
        DisposeEverything();
    }

    internal void Add(torch.Tensor tensor)
    {
        if (ReferenceEquals(tensor.OwningScope, this))
            return;
        tensor.OwningScope?.Remove(tensor);
        tensor.OwningScope = this;
        tensor.ScopeSlot = _items.Count;
        _items.Add(tensor);
    }

    internal void Remove(torch.Tensor tensor)
    {
        tensor.OwningScope = null;
        RemoveAt(tensor.ScopeSlot);
    }

    private void RemoveAt(int slot)
    {
        var last = _items[^1];
        _items[slot] = last;
        if (last is torch.Tensor moved)
            moved.ScopeSlot = slot;
        _items.RemoveAt(_items.Count - 1);
    }

    private void Move(IDisposable disposable, DisposeScope? target)
    {
        if (disposable is torch.Tensor tensor)
        {
            if (!ReferenceEquals(tensor.OwningScope, this))
                return;
            Remove(tensor);
            target?.Add(tensor);
        }
        else if (_items.IndexOf(disposable) is >= 0 and var slot)
        {
            RemoveAt(slot);
            target?.Include(disposable);
        }
    }
}
