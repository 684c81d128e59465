namespace SparseRobust.Lab.Serving;

/// <summary>What a loaded model is, found out by looking at it.</summary>
/// <param name="Labels">Class names in the order of their ids, which is the order of logits and probabilities.</param>
/// <param name="MaxInputLength">Most tokens of an input, special tokens included: the rows of the position table, or 8,192 where the model has none.</param>
/// <param name="Parameters">Number of weights and biases, zeros included.</param>
/// <param name="EncoderSparsity">Share of the weights of the encoder's matrices that are exactly zero, in [0, 1], counted in the loaded weights; 0 for a model without such matrices.</param>
/// <param name="Dtype">Number format of the weights: float32.</param>
/// <param name="HiddenSize">Width of the output from which the logits are computed.</param>
/// <param name="Layers">Encoder layers; 0 when there is no encoder.</param>
/// <param name="ModelSha256">SHA-256 of model.safetensors, 64 lower-case hexadecimal digits.</param>
public sealed record PredictorInfo(
    IReadOnlyList<string> Labels, int MaxInputLength, long Parameters, double EncoderSparsity, string Dtype, int HiddenSize, int Layers, string ModelSha256);
