using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The cross-entropy between logits and classes or class probabilities.</summary>
            /// <param name="input">Logits, [N, C] or [N, C, ...].</param>
            /// <param name="target">Classes, [N], or probabilities in the input's shape.</param>
            /// <param name="weight">A weight a class, or null.</param>
            /// <param name="ignore_index">A class that does not count.</param>
            /// <param name="reduction">How losses become one number.</param>
            /// <param name="label_smoothing">The mass given to all classes alike, in [0, 1].</param>
            /// <returns>The loss.</returns>
            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                Ops.CrossEntropyLoss.One(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>The negative log-likelihood of classes.</summary>
            /// <param name="input">Log-probabilities, [N, C].</param>
            /// <param name="target">Classes, [N].</param>
            /// <param name="weight">A weight a class, or null.</param>
            /// <param name="reduction">How losses become one number.</param>
            /// <returns>The loss.</returns>
            public static Tensor nll_loss(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Ops.NllLossNd.One(input, target, weight, (long)reduction, -100L);

            /// <summary>The squared difference.</summary>
            /// <param name="input">One tensor.</param>
            /// <param name="target">The other.</param>
            /// <param name="reduction">How losses become one number.</param>
            /// <returns>The loss.</returns>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Ops.MseLoss.One(input, target, (long)reduction);

            /// <summary>The absolute difference.</summary>
            /// <param name="input">One tensor.</param>
            /// <param name="target">The other.</param>
            /// <param name="reduction">How losses become one number.</param>
            /// <returns>The loss.</returns>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Ops.L1Loss.One(input, target, (long)reduction);

            /// <summary>The Kullback-Leibler divergence, target (log target - input), element by element.</summary>
            /// <param name="input">Log-probabilities.</param>
            /// <param name="target">Probabilities, or their logarithms.</param>
            /// <param name="log_target">Whether the target holds logarithms; TorchSharp's default is true, PyTorch's false.</param>
            /// <param name="reduction">How losses become one number; the mean is over elements, not rows.</param>
            /// <returns>The loss.</returns>
            public static Tensor kl_div(
                Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Ops.KlDiv.One(input, target, (long)reduction, log_target);

            /// <summary>The binary cross-entropy of logits.</summary>
            /// <param name="input">Logits.</param>
            /// <param name="target">Probabilities in the input's shape.</param>
            /// <param name="weight">A weight an element, or null.</param>
            /// <param name="reduction">How losses become one number.</param>
            /// <param name="pos_weights">A weight of positive targets, or null.</param>
            /// <returns>The loss.</returns>
            public static Tensor binary_cross_entropy_with_logits(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null) =>
                Ops.BinaryCrossEntropyWithLogits.One(input, target, weight, pos_weights, (long)reduction);
        }
    }
}
