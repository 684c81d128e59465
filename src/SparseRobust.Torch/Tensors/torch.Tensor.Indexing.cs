using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Views or copies of parts: integers and slices make views, index tensors make copies.</summary>
        /// <param name="indices">One entry a dimension from the first on.</param>
        public Tensor this[params TensorIndex[] indices]
        {
            get => Index(indices);
            set
            {
                using var scope = NewDisposeScope();
                if (indices.Any(i => i.Tensor is not null))
                    Assign(indices, value);
                else
                    Index(indices).copy_(value);
            }
        }

        /// <summary>Elements or rows that an index tensor or a mask names.</summary>
        /// <param name="index">Integers, or truth values of this tensor's leading shape.</param>
        /// <returns>A copy.</returns>
        public Tensor index(params Tensor[] index) => Ops.IndexTensor.One(this, Arg.Optional(index));

        /// <summary>Writes, or adds, elements where index tensors say.</summary>
        /// <param name="value">What to write.</param>
        /// <param name="indices">Integers or masks.</param>
        /// <param name="accumulate">True to add.</param>
        /// <returns>The tensor itself.</returns>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Ops.IndexPutInPlace.InPlace(this, this, Arg.Optional(indices), value, accumulate);

        private Tensor Index(TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = View(indices);
            var result = tensors.Count == 0 ? view : Ops.IndexTensor.One(view, Arg.Optional([.. tensors]));
            return scope.MoveToOuter(ReferenceEquals(result, this) ? alias() : result);
        }

        private void Assign(TensorIndex[] indices, Tensor value)
        {
            var (view, tensors) = View(indices);
            Ops.IndexPutInPlace.InPlace(view, view, Arg.Optional([.. tensors]), value, false);
        }

        private (Tensor View, List<Tensor?> Tensors) View(TensorIndex[] indices)
        {
            var view = this;
            var dimension = 0L;
            var tensors = new List<Tensor?>();
            var consumed = indices.Count(i => i.Kind is not (TensorIndex.Sort.Null or TensorIndex.Sort.Ellipsis));
            foreach (var index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.Sort.Single:
                        view = view.select(dimension, index.Start);
                        continue;
                    case TensorIndex.Sort.Null:
                        view = view.unsqueeze(dimension);
                        break;
                    case TensorIndex.Sort.Ellipsis:
                        dimension += Dimensions - consumed;
                        continue;
                    case TensorIndex.Sort.Slice:
                        view = view.slice(dimension, index.Start, index.Stop, index.Step);
                        break;
                    default:
                        while (tensors.Count < dimension)
                            tensors.Add(null);
                        tensors.Add(index.Tensor);
                        break;
                }
                dimension++;
            }
            return (view, tensors);
        }
    }

    /// <summary>One dimension's part of an index. Converts from integers, ranges and tensors.</summary>
    public readonly struct TensorIndex
    {
        private TensorIndex(Sort kind, long start = 0, long stop = long.MaxValue, long step = 1, Tensor? tensor = null) =>
            (Kind, Start, Stop, Step, Tensor) = (kind, start, stop, step, tensor);

        internal enum Sort
        {
            Slice,
            Single,
            Null,
            Ellipsis,
            Tensor,
        }

        /// <summary>A whole dimension.</summary>
        public static TensorIndex Colon => new(Sort.Slice);

        /// <summary>As many whole dimensions as are left.</summary>
        public static TensorIndex Ellipsis => new(Sort.Ellipsis);

        /// <summary>A new dimension of size one.</summary>
        public static TensorIndex Null => new(Sort.Null);

        internal Sort Kind { get; }

        internal long Start { get; }

        internal long Stop { get; }

        internal long Step { get; }

        internal Tensor? Tensor { get; }

        /// <summary>One entry; negative counts from the end.</summary>
        /// <param name="index">Which.</param>
        public static implicit operator TensorIndex(long index) => new(Sort.Single, index);

        /// <summary>The entries that a tensor names.</summary>
        /// <param name="tensor">Integers or truth values.</param>
        public static implicit operator TensorIndex(Tensor tensor) => new(Sort.Tensor, tensor: tensor);

        /// <summary>A stretch.</summary>
        /// <param name="range">From its start up to but without its end.</param>
        public static implicit operator TensorIndex(Range range) => new(
            Sort.Slice,
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End.IsFromEnd ? (range.End.Value == 0 ? long.MaxValue : -range.End.Value) : range.End.Value);

        /// <summary>A stretch.</summary>
        /// <param name="start">The first entry; null is the beginning.</param>
        /// <param name="stop">The entry after the last; null is the end.</param>
        /// <param name="step">The stride; null is one.</param>
        /// <returns>The index.</returns>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new(Sort.Slice, start ?? 0, stop ?? long.MaxValue, step ?? 1);

        /// <summary>One entry; negative counts from the end.</summary>
        /// <param name="index">Which.</param>
        /// <returns>The index.</returns>
        public static TensorIndex Single(long? index) => new(Sort.Single, index ?? 0);
    }
}
