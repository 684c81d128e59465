using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>How a loss over several elements becomes one number.</summary>
        public enum Reduction : long
        {
            /// <summary>Not at all.</summary>
            None = 0,

            /// <summary>By the mean.</summary>
            Mean = 1,

            /// <summary>By the sum.</summary>
            Sum = 2,
        }

        /// <summary>Functions without state.</summary>
        public static partial class functional
        {
            /// <summary>How GELU is computed.</summary>
            public enum Approximate
            {
                /// <summary>By the error function.</summary>
                none,

                /// <summary>By the hyperbolic tangent.</summary>
                tanh,
            }

            /// <summary>An affine map, x Wᵀ + b.</summary>
            /// <param name="input">x, [..., input].</param>
            /// <param name="weights">W, [output, input].</param>
            /// <param name="bias">b, [output], or null.</param>
            /// <returns>[..., output].</returns>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Ops.Linear.One(input, weights, bias);

            /// <summary>Normalises over the last dimensions, then scales and shifts.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="normalized_shape">Its last sizes.</param>
            /// <param name="weight">The scale, or null.</param>
            /// <param name="bias">The shift, or null.</param>
            /// <param name="eps">What is added to the variance.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Ops.LayerNorm.One(input, normalized_shape, weight, bias, eps, true);

            /// <summary>Sets elements to zero at random and scales up the rest by 1 / (1 - p).</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="p">The probability of zero, in [0, 1].</param>
            /// <param name="training">False to change nothing.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>A new tensor, or the input when in place.</returns>
            /// <remarks>On the processor, fp32 and bf16: element i is kept when 32 random bits, a function of i and of one 64-bit key, are at least
            /// p 2^32. The key is drawn from the default generator, so <c>manual_seed</c> and a saved generator state give the same mask again, for any
            /// number of threads. Backward computes the mask anew; none is stored. Elsewhere, and in place: LibTorch's own dropout.</remarks>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Ops.DropoutInPlace.InPlace(input, input, p, training) : Ops.Dropout.One(input, p, training);

            /// <summary>x Φ(x).</summary>
            /// <param name="x">The tensor.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor gelu(Tensor x) => gelu(x, Approximate.none);

            /// <summary>x Φ(x).</summary>
            /// <param name="x">The tensor.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor gelu(Tensor x, bool inplace) => gelu(x, Approximate.none, inplace);

            /// <summary>x Φ(x), or its approximation by a hyperbolic tangent.</summary>
            /// <param name="x">The tensor.</param>
            /// <param name="approximate">Which.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor gelu(Tensor x, Approximate approximate, bool inplace = false) =>
                inplace ? Ops.GeluInPlace.InPlace(x, x, approximate.ToString()) : Ops.Gelu.One(x, approximate.ToString());

            /// <summary>The hyperbolic tangent.</summary>
            /// <param name="x">The tensor.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            /// <summary>The positive part.</summary>
            /// <param name="x">The tensor.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            /// <summary>Exponentials that sum to one along a dimension.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="dim">The dimension.</param>
            /// <param name="dtype">A type to convert to first.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            /// <summary>The logarithm of the softmax along a dimension.</summary>
            /// <param name="x">The tensor.</param>
            /// <param name="dim">The dimension.</param>
            /// <returns>The input's shape.</returns>
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            /// <summary>Rows of a table.</summary>
            /// <param name="input">Row numbers of any shape.</param>
            /// <param name="weight">The table, [rows, size].</param>
            /// <param name="padding_idx">A row that gets no gradient.</param>
            /// <param name="max_norm">Not supported: must be null.</param>
            /// <param name="norm_type">Not used.</param>
            /// <param name="scale_grad_by_freq">Whether a row's gradient is divided by how often it occurs.</param>
            /// <param name="sparse">Whether the table's gradient is sparse.</param>
            /// <returns>[..., size].</returns>
            public static Tensor embedding(
                Tensor input,
                Tensor weight,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2.0,
                bool scale_grad_by_freq = false,
                bool sparse = false)
            {
                if (max_norm is not null)
                    throw new NotSupportedException("embedding does not support max_norm.");
                return Ops.Embedding.One(weight, input, padding_idx ?? -1, scale_grad_by_freq, sparse);
            }

            /// <summary>softmax(Q Kᵀ / √d + mask) V.</summary>
            /// <param name="query">Q, [..., L, d].</param>
            /// <param name="key">K, [..., S, d].</param>
            /// <param name="value">V, [..., S, e].</param>
            /// <param name="attn_mask">Truth values (true takes part) or numbers to add, broadcast to [..., L, S].</param>
            /// <param name="p">The dropout probability of the weights.</param>
            /// <param name="is_casual">Whether a position sees only itself and those before it.</param>
            /// <returns>[..., L, e].</returns>
            /// <remarks>On the processor, fp32 and bf16: one head at a time, in single precision; the [L, S] weights are not kept but computed again in
            /// backward. Dropout is that of <see cref="dropout"/>. Elsewhere: LibTorch's own, or composed before LibTorch 2.0.</remarks>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (!is_casual)
                    return Ops.ScaledDotProductAttention.One(query, key, value, attn_mask, p);
                if (attn_mask is not null)
                    throw new ArgumentException("Give either attn_mask or is_casual.", nameof(attn_mask));
                using var scope = NewDisposeScope();
                var seen = torch.ones([query.shape[^2], key.shape[^2]], ScalarType.Bool, query.device).tril();
                return scope.MoveToOuter(Ops.ScaledDotProductAttention.One(query, key, value, seen, p));
            }
        }
    }
}
