namespace SparseRobust.Lab.Models;

/// <summary>The fused operators, composed of TorchSharp's: what the genuine package computes, and what the fused ones are tested against.</summary>
internal static class ComposedOperators
{
    /// <inheritdoc cref="FusedOperators.DropoutAddNorm"/>
    public static Tensor DropoutAddNorm(Tensor input, Tensor residual, (LayerNorm Layer, double Eps) norm, Dropout dropout) =>
        norm.Layer.forward(dropout.forward(input) + residual);

    /// <inheritdoc cref="FusedOperators.MaskedLinear"/>
    public static Tensor MaskedLinear(Tensor input, Tensor weight, (Tensor Scores, Tensor Threshold) mask, Tensor? bias)
    {
        var hard = (mask.Scores > mask.Threshold).to_type(weight.dtype);
        // scores - scores is exactly 0, so the forward value is the hard mask while the gradient reaches the scores.
        return nn.functional.linear(input, weight * (hard + (mask.Scores - mask.Scores.detach())), bias);
    }

    /// <inheritdoc cref="FusedOperators.BiasGelu"/>
    public static Tensor BiasGelu(Tensor input, Tensor bias) => nn.functional.gelu(input + bias.to_type(input.dtype));

    /// <inheritdoc cref="FusedOperators.CrossEntropyWithBias"/>
    public static Tensor CrossEntropyWithBias(Tensor logits_BC, Tensor labels_B, Tensor? biasLogProbs_BC) =>
        nn.functional.cross_entropy(biasLogProbs_BC is null ? logits_BC : nn.functional.log_softmax(logits_BC, 1) + biasLogProbs_BC, labels_B);

    /// <inheritdoc cref="FusedOperators.Embedding"/>
    public static Tensor Embedding(Tensor table_VD, Tensor ids) => nn.functional.embedding(ids, table_VD);

    /// <inheritdoc cref="FusedOperators.KthValue"/>
    public static Tensor KthValue(Tensor values, long k) => kthvalue(values.reshape(-1), k, 0).Item1;

    /// <inheritdoc cref="FusedOperators.ClipGradNorm"/>
    public static Tensor ClipGradNorm(IEnumerable<Parameter> parameters, double limit) => tensor(nn.utils.clip_grad_norm_(parameters, limit));
}
