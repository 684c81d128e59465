using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same elements in another shape; the tensor must be laid out for it.</summary>
        public Tensor view(params long[] shape) => Ops.View.One(this, shape);

        /// <summary>The same elements in another shape; one size may be -1. Copies only when it must.</summary>
        public Tensor reshape(params long[] shape) => Ops.Reshape.One(this, shape);

        /// <summary>A view in another tensor's shape.</summary>
        public Tensor view_as(Tensor other) => view(other.shape);

        /// <summary>The same elements in another tensor's shape.</summary>
        public Tensor reshape_as(Tensor other) => reshape(other.shape);

        /// <summary>A view with two dimensions swapped.</summary>
        public Tensor transpose(long dim0, long dim1) => Ops.TransposeInt.One(this, dim0, dim1);

        /// <summary>A matrix transposed, as a view.</summary>
        public Tensor t() => Ops.T.One(this);

        /// <summary>A view with the dimensions in another order.</summary>
        public Tensor permute(params long[] permutation) => Ops.Permute.One(this, permutation);

        /// <summary>A view with the dimensions in another order.</summary>
        public Tensor permute(IEnumerable<long> permutation) => Ops.Permute.One(this, permutation.ToArray());

        /// <summary>The tensor itself when it is contiguous, else a contiguous copy.</summary>
        public Tensor contiguous() => Ops.Contiguous.One(this, 0L);

        /// <summary>A view with a dimension of size one put in.</summary>
        public Tensor unsqueeze(long dim) => Ops.Unsqueeze.One(this, dim);

        /// <summary>A view without one dimension of size one, or without all of them.</summary>
        public Tensor squeeze(long? dim = null) => dim is { } d ? Ops.SqueezeDim.One(this, d) : Ops.Squeeze.One(this);

        /// <summary>A view of one entry along a dimension.</summary>
        public Tensor select(long dim, long index) => Ops.SelectInt.One(this, dim, index);

        /// <summary>A copy of the entries that an index vector names.</summary>
        public Tensor index_select(long dim, Tensor index) => Ops.IndexSelect.One(this, dim, index);

        /// <summary>A view of a stretch along a dimension.</summary>
        public Tensor narrow(long dim, long start, long length) => Ops.Narrow.One(this, dim, start, length);

        /// <summary>A view of every step-th entry from start up to but without finish.</summary>
        public Tensor slice(long dim, long start, long finish, long step) => Ops.SliceTensor.One(this, dim, start, finish, step);

        /// <summary>Neighbouring dimensions made one.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Ops.FlattenUsingInts.One(this, start_dim, end_dim);

        /// <summary>One dimension made several.</summary>
        public Tensor unflatten(long dim, params long[] sizes) => Ops.UnflattenInt.One(this, dim, sizes, Arg.None);

        /// <summary>A view in which dimensions of size one repeat; -1 keeps a size.</summary>
        public Tensor expand(params long[] sizes) => Ops.Expand.One(this, sizes, false);

        /// <summary>A view that repeats to another tensor's shape.</summary>
        public Tensor expand_as(Tensor other) => expand(other.shape);

        /// <summary>A copy tiled along each dimension.</summary>
        public Tensor repeat(params long[] sizes) => Ops.Repeat.One(this, sizes);

        /// <summary>A copy in which each entry stands several times in a row.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null) => Ops.RepeatInterleaveSelfInt.One(this, repeats, dim, Arg.None);

        /// <summary>The elements that an index tensor names along a dimension.</summary>
        public Tensor gather(long dim, Tensor index) => Ops.Gather.One(this, dim, index, false);

        /// <summary>A copy with elements of src written where an index tensor says.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) => Ops.ScatterSrc.One(this, dim, index, src);

        /// <summary>Writes elements of src where an index tensor says.</summary>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Ops.ScatterInPlaceSrc.InPlace(this, this, dim, index, src);

        /// <summary>Writes one value where an index tensor says.</summary>
        public Tensor scatter_(long dim, Tensor index, Scalar value) => Ops.ScatterInPlaceValue.InPlace(this, this, dim, index, value);

        /// <summary>Adds elements of src where an index tensor says.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Ops.ScatterAddInPlace.InPlace(this, this, dim, index, src);

        /// <summary>Adds alpha times source to the entries that an index vector names.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Ops.IndexAddInPlace.InPlace(this, this, dim, index, source, alpha);

        /// <summary>Overwrites the entries that an index vector names.</summary>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Ops.IndexCopyInPlace.InPlace(this, this, dim, index, source);

        /// <summary>The elements where a mask is true, as a vector.</summary>
        public Tensor masked_select(Tensor mask) => Ops.MaskedSelect.One(this, mask);

        /// <summary>Views of equal stretches along a dimension; the last may be shorter.</summary>
        public Tensor[] split(long split_size, long dim = 0) => Ops.SplitTensor.Many(this, split_size, dim);

        /// <summary>Views of stretches of the given lengths along a dimension.</summary>
        public Tensor[] split(long[] split_sizes, long dim = 0) => Ops.SplitWithSizes.Many(this, split_sizes, dim);

        /// <summary>Views of about equal stretches along a dimension.</summary>
        public Tensor[] chunk(long chunks, long dim = 0) => Ops.Chunk.Many(this, chunks, dim);

        /// <summary>Views of each entry along a dimension.</summary>
        public Tensor[] unbind(long dim = 0) => Ops.UnbindInt.Many(this, dim);

        /// <summary>The indices of the elements that are not zero, one row each.</summary>
        public Tensor nonzero() => Ops.Nonzero.One(this);

        /// <summary>The lower triangle; zero elsewhere.</summary>
        public Tensor tril(long diagonal = 0) => Ops.Tril.One(this, diagonal);

        /// <summary>The upper triangle; zero elsewhere.</summary>
        public Tensor triu(long diagonal = 0) => Ops.Triu.One(this, diagonal);

        /// <summary>A copy with dimensions reversed.</summary>
        public Tensor flip(params long[] dims) => Ops.Flip.One(this, dims);

        /// <summary>A copy shifted round along a dimension.</summary>
        public Tensor roll(long shifts, long dims) => Ops.Roll.One(this, new[] { shifts }, new[] { dims });

        /// <summary>The diagonal of a matrix, or the matrix of a diagonal.</summary>
        public Tensor diag(long diagonal = 0) => Ops.Diag.One(this, diagonal);

        /// <summary>The tensor in coordinate format.</summary>
        public Tensor to_sparse() => Ops.ToSparse.One(this);

        /// <summary>The tensor in coordinate format over its first dimensions; the rest of each entry stays dense.</summary>
        /// <param name="sparse_dim">How many dimensions are sparse, from 1 to the number of dimensions.</param>
        public Tensor to_sparse(int sparse_dim) => Ops.ToSparseSparseDim.One(this, (long)sparse_dim);

        /// <summary>A sparse tensor made dense.</summary>
        public Tensor to_dense() => Ops.ToDense.One(this, Arg.None);
    }
}
