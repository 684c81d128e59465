using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>Neural networks.</summary>
    public static partial class nn
    {
        /// <summary>
        /// A part of a network: owns parameters, buffers and further modules under their names. A derived class calls
        /// <see cref="RegisterComponents"/> at the end of its constructor, which registers its fields.
        /// </summary>
        /// <remarks>Not thread-safe while it is changed.</remarks>
        public abstract partial class Module : IDisposable
        {
            private readonly List<(string Name, Parameter Value)> _parameters = [];
            private readonly List<(string Name, Tensor Value, bool Persistent)> _buffers = [];
            private readonly List<(string Name, Module Value)> _modules = [];
            private readonly string _name;
            private bool _disposed;

            /// <summary>Makes an empty module.</summary>
            /// <param name="name">What to call it in messages.</param>
            protected Module(string name) => _name = name;

            /// <summary>Whether the module is training, as dropout asks.</summary>
            public virtual bool training { get; private set; } = true;

            /// <summary>The module's name, as its class gave it.</summary>
            /// <returns>The name.</returns>
            public virtual string GetName() => _name;

            /// <summary>The parameters of this module and of those within it, each once.</summary>
            /// <param name="recurse">Whether to look within.</param>
            /// <returns>The parameters in the order of registration.</returns>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(p => p.parameter);

            /// <summary>The parameters with their dotted names, each once.</summary>
            /// <param name="recurse">Whether to look within.</param>
            /// <returns>The parameters in the order of registration.</returns>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var (prefix, module) in Family(recurse))
                {
                    foreach (var (name, value) in module._parameters)
                    {
                        if (seen.Add(value))
                            yield return (prefix + name, value);
                    }
                }
            }

            /// <summary>The buffers with their dotted names.</summary>
            /// <param name="recurse">Whether to look within.</param>
            /// <param name="include_nonpersistent">Whether to give those that are not saved.</param>
            /// <returns>The buffers in the order of registration.</returns>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(
                bool recurse = true, bool include_nonpersistent = true)
            {
                foreach (var (prefix, module) in Family(recurse))
                {
                    foreach (var (name, value, persistent) in module._buffers)
                    {
                        if (persistent || include_nonpersistent)
                            yield return (prefix + name, value);
                    }
                }
            }

            /// <summary>The buffers.</summary>
            /// <param name="recurse">Whether to look within.</param>
            /// <returns>The buffers in the order of registration.</returns>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true) => named_buffers(recurse).Select(b => b.buffer);

            /// <summary>The modules within this one, at any depth, with their dotted names.</summary>
            /// <returns>Each before those within it.</returns>
            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                Family(true).Skip(1).Select(m => (m.Prefix.TrimEnd('.'), m.Module));

            /// <summary>The modules within this one, at any depth.</summary>
            /// <returns>Each before those within it.</returns>
            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>The modules directly within this one, with their names.</summary>
            /// <returns>In the order of registration.</returns>
            public virtual IEnumerable<(string name, Module module)> named_children() =>
                _modules.Select(m => (m.Name, m.Value));

            /// <summary>The modules directly within this one.</summary>
            /// <returns>In the order of registration.</returns>
            public virtual IEnumerable<Module> children() => _modules.Select(m => m.Value);

            /// <summary>Finds a parameter.</summary>
            /// <param name="target">Its dotted name.</param>
            /// <returns>The parameter, or null.</returns>
            public virtual Parameter? get_parameter(string target) =>
                named_parameters().FirstOrDefault(p => p.name == target).parameter;

            /// <summary>Finds a buffer.</summary>
            /// <param name="target">Its dotted name.</param>
            /// <returns>The buffer, or null.</returns>
            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(b => b.name == target).buffer;

            /// <summary>Takes ownership of a parameter; replaces one of the same name.</summary>
            /// <param name="name">Its name, without dots.</param>
            /// <param name="param">The parameter; null removes the name.</param>
            public virtual void register_parameter(string name, Parameter? param)
            {
                RequireName(name);
                var slot = _parameters.FindIndex(p => p.Name == name);
                if (param is null)
                {
                    if (slot >= 0)
                        _parameters.RemoveAt(slot);
                    return;
                }
                param.DetachFromDisposeScope();
                if (slot >= 0)
                    _parameters[slot] = (name, param);
                else
                    _parameters.Add((name, param));
            }

            /// <summary>Takes ownership of a tensor that is not trained; replaces one of the same name.</summary>
            /// <param name="name">Its name, without dots.</param>
            /// <param name="tensor">The tensor.</param>
            /// <param name="persistent">Whether it is saved with the parameters.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                RequireName(name);
                tensor.DetachFromDisposeScope();
                var slot = _buffers.FindIndex(b => b.Name == name);
                if (slot >= 0)
                    _buffers[slot] = (name, tensor, persistent);
                else
                    _buffers.Add((name, tensor, persistent));
            }

            /// <summary>Takes ownership of a module; replaces one of the same name.</summary>
            /// <param name="name">Its name, without dots.</param>
            /// <param name="submodule">The module; null removes the name.</param>
            public virtual void register_module(string name, Module? submodule)
            {
                RequireName(name);
                var slot = _modules.FindIndex(m => m.Name == name);
                if (submodule is null)
                {
                    if (slot >= 0)
                        _modules.RemoveAt(slot);
                    return;
                }
                if (ReferenceEquals(submodule, this))
                    throw new ArgumentException("A module cannot contain itself.", nameof(submodule));
                if (slot >= 0)
                    _modules[slot] = (name, submodule);
                else
                    _modules.Add((name, submodule));
            }

            /// <summary>Frees the parameters, the buffers and the modules within.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Frees what the module owns.</summary>
            /// <param name="disposing">True when called by Dispose.</param>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed)
                    return;
                _disposed = true;
                foreach (var (_, value) in _parameters)
                    value.Dispose();
                foreach (var (_, value, _) in _buffers)
                    value.Dispose();
                foreach (var (_, value) in _modules)
                    value.Dispose();
            }

            private static void RequireName(string name)
            {
                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"'{name}' cannot name a part of a module: no dots, not empty.", nameof(name));
            }

            private IEnumerable<(string Prefix, Module Module)> Family(bool recurse, string prefix = "")
            {
                yield return (prefix, this);
                if (!recurse)
                    yield break;
                foreach (var (name, child) in _modules)
                {
                    foreach (var member in child.Family(true, $"{prefix}{name}."))
                        yield return member;
                }
            }
        }
    }
}
