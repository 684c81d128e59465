using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum of all elements.</summary>
        public Tensor sum(ScalarType? type = null) => Ops.Sum.One(this, type);

        /// <summary>Sums over dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Ops.SumDimIntList.One(this, dim, keepdim, type);

        /// <summary>Sums over dimensions.</summary>
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);

        /// <summary>Sums over one dimension.</summary>
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum(new[] { dim }, keepdim, type);

        /// <summary>The mean of all elements.</summary>
        public Tensor mean() => Ops.Mean.One(this, Arg.None);

        /// <summary>Means over dimensions.</summary>
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Ops.MeanDim.One(this, dimensions, keepdim, type);

        /// <summary>The standard deviation of all elements.</summary>
        public Tensor std(bool unbiased = true) => Ops.Std.One(this, unbiased);

        /// <summary>Standard deviations over dimensions.</summary>
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Ops.StdDim.One(type is { } t ? to_type(t) : this, dimensions, unbiased, keepdim);

        /// <summary>Standard deviations over dimensions.</summary>
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(dimensions.ToArray(), unbiased, keepdim, type);

        /// <summary>Standard deviations over one dimension.</summary>
        public Tensor std(long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std(new[] { dimensions }, unbiased, keepdim, type);

        /// <summary>The variance of all elements.</summary>
        public Tensor var(bool unbiased = true) => Ops.Var.One(this, unbiased);

        /// <summary>Variances over dimensions.</summary>
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false) => Ops.VarDim.One(this, dimensions, unbiased, keepdim);

        /// <summary>The product of all elements.</summary>
        public Tensor prod() => Ops.Prod.One(this, Arg.None);

        /// <summary>The largest element.</summary>
        public Tensor max() => Ops.Max.One(this);

        /// <summary>The larger of each pair of elements.</summary>
        public Tensor max(Tensor other) => Ops.Maximum.One(this, other);

        /// <summary>The largest elements along a dimension, and where they are.</summary>
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Ops.MaxDim.Two(this, dim, keepdim);

        /// <summary>The smallest element.</summary>
        public Tensor min() => Ops.Min.One(this);

        /// <summary>The smaller of each pair of elements.</summary>
        public Tensor min(Tensor other) => Ops.Minimum.One(this, other);

        /// <summary>The smallest elements along a dimension, and where they are.</summary>
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Ops.MinDim.Two(this, dim, keepdim);

        /// <summary>The largest elements over dimensions.</summary>
        public Tensor amax(params long[] dims) => Ops.Amax.One(this, dims, false);

        /// <summary>The smallest elements over dimensions.</summary>
        public Tensor amin(params long[] dims) => Ops.Amin.One(this, dims, false);

        /// <summary>Whether any element is true.</summary>
        public Tensor any() => Ops.Any.One(this);

        /// <summary>Whether any element along a dimension is true.</summary>
        public Tensor any(long dim, bool keepdim = false) => Ops.AnyDim.One(this, dim, keepdim);

        /// <summary>Whether all elements are true.</summary>
        public Tensor all() => Ops.All.One(this);

        /// <summary>Whether all elements along a dimension are true.</summary>
        public Tensor all(long dim, bool keepdim = false) => Ops.AllDim.One(this, dim, keepdim);

        /// <summary>Where the largest element is, in the flattened tensor.</summary>
        public Tensor argmax() => Ops.Argmax.One(this, Arg.None, false);

        /// <summary>Where the largest elements along a dimension are.</summary>
        public Tensor argmax(long dim, bool keepdim = false) => Ops.Argmax.One(this, dim, keepdim);

        /// <summary>Where the smallest element is, in the flattened tensor.</summary>
        public Tensor argmin() => Ops.Argmin.One(this, Arg.None, false);

        /// <summary>Where the smallest elements along a dimension are.</summary>
        public Tensor argmin(long dim, bool keepdim = false) => Ops.Argmin.One(this, dim, keepdim);

        /// <summary>The indices that would sort along a dimension.</summary>
        public Tensor argsort(long dim = -1, bool descending = false) => Ops.Argsort.One(this, dim, descending);

        /// <summary>The logarithm of the sum of exponentials along a dimension.</summary>
        public Tensor logsumexp(long dim, bool keepdim = false) => Ops.Logsumexp.One(this, new[] { dim }, keepdim);

        /// <summary>The p-norm of all elements.</summary>
        public Tensor norm(float p = 2.0f) => Ops.NormScalar.One(this, (double)p);

        /// <summary>The p-norms along a dimension.</summary>
        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Ops.NormScalarOptDim.One(this, (double)p, new[] { (long)dim }, keepdim);

        /// <summary>The k largest elements along a dimension, and where they are.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Ops.Topk.Two(this, (long)k, (long)dim, largest, sorted);

        /// <summary>The elements sorted along a dimension, and where they were.</summary>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Ops.SortStable.Two(this, stable, dim, descending);

        /// <summary>The k-th smallest elements along a dimension (the first is 1), and where they are.</summary>
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => Ops.Kthvalue.Two(this, k, dim ?? -1, keepdim);

        /// <summary>Quantiles along a dimension, interpolated between neighbours.</summary>
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Ops.Quantile.One(this, q, dim, keepdim, "linear");

        /// <summary>The lower median of all elements.</summary>
        public Tensor median() => Ops.Median.One(this);

        /// <summary>How many elements are not zero.</summary>
        public Tensor count_nonzero() => Ops.CountNonzero.One(this, Arg.None);

        /// <summary>How often each non-negative integer occurs.</summary>
        public Tensor bincount(Tensor? weights = null, long minlength = 0) => Ops.Bincount.One(this, weights, minlength);
    }
}
