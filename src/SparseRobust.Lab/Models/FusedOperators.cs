namespace SparseRobust.Lab.Models;

/// <summary>Operators that our engine computes in one pass and the genuine TorchSharp package in several.</summary>
internal static class FusedOperators
{
    /// <summary>LayerNorm(dropout(x) + residual): [..., D].</summary>
    public static Tensor DropoutAddNorm(Tensor input, Tensor residual, (LayerNorm Layer, double Eps) norm, Dropout dropout) =>
#if TORCHSHARP
        ComposedOperators.DropoutAddNorm(input, residual, norm, dropout);
#else
        Torch.Fused.FusedOperators.dropout_add_norm(input, residual, (norm.Layer.weight!, norm.Layer.bias!), dropout.p, dropout.training, norm.Eps);
#endif

    /// <summary>x (W * 1[scores &gt; threshold])^T + b; dL/dscores = dL/dW_eff * W for every entry, W frozen or not.</summary>
    public static Tensor MaskedLinear(Tensor input, Tensor weight, (Tensor Scores, Tensor Threshold) mask, Tensor? bias) =>
#if TORCHSHARP
        ComposedOperators.MaskedLinear(input, weight, mask, bias);
#else
        Torch.Fused.FusedOperators.masked_linear(input, weight, mask.Scores, mask.Threshold, bias);
#endif

    /// <summary>GELU(x + b), exact: [..., D] with b [D].</summary>
    public static Tensor BiasGelu(Tensor input, Tensor bias) =>
#if TORCHSHARP
        ComposedOperators.BiasGelu(input, bias);
#else
        Torch.Fused.FusedOperators.bias_gelu(input, bias);
#endif

    /// <summary>Mean over the batch of -log softmax(log softmax(z) + b)[c]; cross-entropy without b. Gradient to the logits only.</summary>
    public static Tensor CrossEntropyWithBias(Tensor logits_BC, Tensor labels_B, Tensor? biasLogProbs_BC) =>
#if TORCHSHARP
        ComposedOperators.CrossEntropyWithBias(logits_BC, labels_B, biasLogProbs_BC);
#else
        Torch.Fused.FusedOperators.cross_entropy_with_bias(logits_BC, labels_B, biasLogProbs_BC);
#endif

    /// <summary>Rows of a table: [..., D] from ids [...]. On the processor its gradient is sparse and holds the rows that were used, so that backward, clipping and
    /// AdamW need not write and read a whole table of zeros; a GPU would be waited for.</summary>
    public static Tensor Embedding(Tensor table_VD, Tensor ids) =>
#if TORCHSHARP
        ComposedOperators.Embedding(table_VD, ids);
#else
        nn.functional.embedding(ids, table_VD, sparse: table_VD.device.type == DeviceType.CPU);
#endif

    /// <summary>The k-th smallest of all entries, from 1; a scalar tensor without gradient.</summary>
    public static Tensor KthValue(Tensor values, long k) =>
#if TORCHSHARP
        ComposedOperators.KthValue(values, k);
#else
        Torch.Fused.FusedOperators.kth_value(values, k);
#endif

    /// <summary>Scales all gradients so that their common 2-norm is at most the limit. The norm before, a scalar where the gradients are: reading it waits for a GPU.</summary>
    public static Tensor ClipGradNorm(IEnumerable<Parameter> parameters, double limit) =>
#if TORCHSHARP
        ComposedOperators.ClipGradNorm(parameters, limit);
#else
        Torch.Fused.FusedOperators.clip_grad_norm_(parameters, limit);
#endif
}
