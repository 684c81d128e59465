using System.Collections;
using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A list of modules.</summary>
            /// <param name="modules">Its items, named by their places.</param>
            /// <returns>The module.</returns>
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            /// <summary>A list of modules of one type.</summary>
            /// <typeparam name="T">Their type.</typeparam>
            /// <param name="modules">Its items, named by their places.</param>
            /// <returns>The module.</returns>
            public static ModuleList<T> ModuleList<T>(params T[] modules)
                where T : Module => new(modules);

            /// <summary>Modules one after another, named by their places.</summary>
            /// <returns>The module, still empty.</returns>
            public static Sequential Sequential() => new([]);

            /// <summary>Modules one after another.</summary>
            /// <param name="modules">The modules with their names.</param>
            /// <returns>The module.</returns>
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            /// <summary>Modules one after another, named by their places.</summary>
            /// <param name="modules">The modules.</param>
            /// <returns>The module.</returns>
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) =>
                new(modules.Select((m, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), m)));

            /// <summary>A tensor that a module owns and an optimizer changes.</summary>
            /// <param name="data">The values; used up.</param>
            /// <param name="requires_grad">Whether it is trained.</param>
            /// <returns>The parameter.</returns>
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}

namespace SparseRobust.Torch.Modules
{
    /// <summary>A list of modules, named by their places.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    public sealed class ModuleList<T> : nn.Module, IList<T>
        where T : nn.Module
    {
        private readonly List<T> _items = [];

        internal ModuleList(IEnumerable<T> items)
            : base(nameof(ModuleList<>))
        {
            foreach (var item in items)
                Add(item);
        }

        /// <inheritdoc/>
        public int Count => _items.Count;

        /// <inheritdoc/>
        public bool IsReadOnly => false;

        /// <inheritdoc/>
        public T this[int index]
        {
            get => _items[index];
            set => register_module(Name(index), _items[index] = value);
        }

        /// <inheritdoc/>
        public void Add(T item)
        {
            _items.Add(item);
            register_module(Name(_items.Count - 1), item);
        }

        /// <summary>Adds a module at the end.</summary>
        /// <param name="item">The module.</param>
        public void append(T item) => Add(item);

        /// <inheritdoc/>
        public void Clear() => Rebuild(_items.Clear);

        /// <inheritdoc/>
        public bool Contains(T item) => _items.Contains(item);

        /// <inheritdoc/>
        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        /// <inheritdoc/>
        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        /// <inheritdoc/>
        public int IndexOf(T item) => _items.IndexOf(item);

        /// <inheritdoc/>
        public void Insert(int index, T item) => Rebuild(() => _items.Insert(index, item));

        /// <inheritdoc/>
        public bool Remove(T item)
        {
            var found = false;
            Rebuild(() => found = _items.Remove(item));
            return found;
        }

        /// <inheritdoc/>
        public void RemoveAt(int index) => Rebuild(() => _items.RemoveAt(index));

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static string Name(int index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);

        private void Rebuild(Action change)
        {
            for (var i = 0; i < _items.Count; i++)
                register_module(Name(i), null);
            change();
            for (var i = 0; i < _items.Count; i++)
                register_module(Name(i), _items[i]);
        }
    }

    /// <summary>Modules one after another.</summary>
    public sealed class Sequential : nn.Module<Tensor, Tensor>
    {
        private readonly List<nn.Module<Tensor, Tensor>> _items = [];

        internal Sequential(IEnumerable<(string Name, nn.Module<Tensor, Tensor> Module)> items)
            : base(nameof(Sequential))
        {
            foreach (var (name, item) in items)
                Add(name, item);
        }

        /// <summary>Adds a module at the end.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="module">The module.</param>
        /// <returns>The sequence itself.</returns>
        public Sequential append(string name, nn.Module<Tensor, Tensor> module)
        {
            Add(name, module);
            return this;
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var result = _items.Count == 0 ? input.alias() : input;
            foreach (var item in _items)
                result = item.call(result);
            return result.MoveToOuterDisposeScope();
        }

        private void Add(string name, nn.Module<Tensor, Tensor> module)
        {
            _items.Add(module);
            register_module(name, module);
        }
    }
}
