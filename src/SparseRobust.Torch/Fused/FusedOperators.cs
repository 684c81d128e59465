using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch.Fused;

/// <summary>Operators that TorchSharp lacks, each in as few passes over memory as it takes: kernels for fp32 and bf16 on the processor, composed of
/// LibTorch's operators elsewhere. <see cref="kth_value"/> and <see cref="clip_grad_norm_"/> have no gradient.
/// The kernels' results do not depend on threads or instruction set; matrix products are LibTorch's and its BLAS's, and as they give them.</summary>
public static class FusedOperators
{
    /// <summary>LayerNorm(dropout(x) + residual) over the last dimension.</summary>
    /// <param name="input">x, [..., D], fp32 or bf16.</param>
    /// <param name="residual">[..., D]; its data type is that of the sum and of the result.</param>
    /// <param name="norm">Scale and shift, each [D], fp32.</param>
    /// <param name="p">Probability that an entry of x is dropped, in [0, 1]; the mask is drawn as in <see cref="torch.nn.functional.dropout"/>.</param>
    /// <param name="training">False: nothing is dropped.</param>
    /// <param name="eps">Added to the (biased) variance.</param>
    /// <returns>[..., D]. Mean and variance are of the sum as stored, in single precision.</returns>
    /// <exception cref="TorchException">Sizes do not fit, or p is outside [0, 1].</exception>
    public static torch.Tensor dropout_add_norm(
        torch.Tensor input, torch.Tensor residual, (torch.Tensor Weight, torch.Tensor Bias) norm, double p, bool training, double eps = 1e-5) =>
        Ops.DropoutAddNorm.One(input, residual, norm.Weight, norm.Bias, p, training, eps);

    /// <summary>x (W * 1[scores &gt; threshold])ᵀ + b with the straight-through gradient: dL/dscores = dL/dW_eff * W, also where W is removed.</summary>
    /// <param name="input">x, [..., I].</param>
    /// <param name="weight">W, [O, I]; its gradient, if wanted, is that of the masked weight where it is kept, else 0.</param>
    /// <param name="scores">[O, I].</param>
    /// <param name="threshold">One number, without gradient.</param>
    /// <param name="bias">b, [O], or null.</param>
    /// <returns>[..., O], of the input's data type; of autocast's inside its region.</returns>
    /// <remarks>The masked weight is made anew in backward: nothing of the weight's size is kept in between.</remarks>
    /// <exception cref="TorchException">Sizes do not fit.</exception>
    public static torch.Tensor masked_linear(
        torch.Tensor input, torch.Tensor weight, torch.Tensor scores, torch.Tensor threshold, torch.Tensor? bias = null) =>
        Ops.MaskedLinear.One(input, weight, scores, threshold, bias);

    /// <summary>GELU(x + b), (x + b) Φ(x + b) with the normal distribution function Φ.</summary>
    /// <param name="input">x, [..., D], fp32 or bf16; arithmetic in single precision.</param>
    /// <param name="bias">b, [D].</param>
    /// <returns>[..., D], of the input's data type. fp32: within 6 units in its last place, also where it is tiny.</returns>
    /// <exception cref="TorchException">Sizes do not fit.</exception>
    public static torch.Tensor bias_gelu(torch.Tensor input, torch.Tensor bias) => Ops.BiasGelu.One(input, bias);

    /// <summary>Mean over rows of -log softmax(log softmax(z) + b)[c]: product of experts with a frozen expert; without b, cross-entropy.</summary>
    /// <param name="logits">z, [B, C]; fp32 or bf16, arithmetic in double precision.</param>
    /// <param name="labels">c, [B], int64, each in [0, C).</param>
    /// <param name="bias_log_probs">b, [B, C], without gradient; null for none.</param>
    /// <returns>A scalar, fp32. Its gradient, softmax(z + b) - onehot(c) over B, goes to the logits only.</returns>
    /// <exception cref="TorchException">A label is not a class, or sizes do not fit.</exception>
    public static torch.Tensor cross_entropy_with_bias(torch.Tensor logits, torch.Tensor labels, torch.Tensor? bias_log_probs = null) =>
        Ops.CrossEntropyWithBias.One(logits, labels, bias_log_probs);

    /// <summary>The k-th smallest of all entries.</summary>
    /// <param name="values">Any shape; fp32 on the processor is selected in three parallel passes. NaN counts as the largest.</param>
    /// <param name="k">From 1 to the number of entries.</param>
    /// <returns>A scalar of the values' data type, without gradient.</returns>
    /// <exception cref="TorchException">k is out of range.</exception>
    public static torch.Tensor kth_value(torch.Tensor values, long k) => Ops.KthvalueOfAll.One(values, k);

    /// <summary>Scales all gradients by min(1, max_norm / (norm + 1e-6)), where norm is their common 2-norm, without waiting for a GPU.</summary>
    /// <param name="parameters">Those without gradients are left out.</param>
    /// <param name="max_norm">The bound.</param>
    /// <returns>The norm before, a scalar on the gradients' device (fp64 on the processor, where its bits do not depend on threads); reading it waits.</returns>
    public static unsafe torch.Tensor clip_grad_norm_(IEnumerable<Parameter> parameters, double max_norm)
    {
        var all = parameters.ToArray();
        nint norm;
        fixed (nint* first = Array.ConvertAll(all, p => p.Pointer))
            Native.Check(Native.sr_clip_grad_norm_on_device(first, all.Length, max_norm, out norm));
        GC.KeepAlive(all);
        return new torch.Tensor(norm);
    }
}
