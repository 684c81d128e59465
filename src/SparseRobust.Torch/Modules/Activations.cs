using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Sets elements to zero at random while training, and scales up the rest.</summary>
            /// <param name="p">The probability of zero, in [0, 1].</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The module.</returns>
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            /// <summary>x Φ(x).</summary>
            /// <returns>The module.</returns>
            public static GELU GELU() => new(functional.Approximate.none, false);

            /// <summary>x Φ(x).</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The module.</returns>
            public static GELU GELU(bool inplace) => new(functional.Approximate.none, inplace);

            /// <summary>x Φ(x), or its approximation by a hyperbolic tangent.</summary>
            /// <param name="approximate">Which.</param>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The module.</returns>
            public static GELU GELU(functional.Approximate approximate, bool inplace = false) => new(approximate, inplace);

            /// <summary>The hyperbolic tangent.</summary>
            /// <returns>The module.</returns>
            public static Tanh Tanh() => new(false);

            /// <summary>The hyperbolic tangent.</summary>
            /// <param name="inplace">Whether the input itself is changed.</param>
            /// <returns>The module.</returns>
            public static Tanh Tanh(bool inplace = false) => new(inplace);

            /// <summary>The cross-entropy between logits and classes.</summary>
            /// <param name="weight">A weight a class, or null.</param>
            /// <param name="ignore_index">A class that does not count; null is -100.</param>
            /// <param name="reduction">How losses become one number.</param>
            /// <returns>The module.</returns>
            public static CrossEntropyLoss CrossEntropyLoss(
                Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index ?? -100, reduction);

            /// <summary>Nothing at all.</summary>
            /// <returns>The module.</returns>
            public static Identity Identity() => new();
        }
    }
}

namespace SparseRobust.Torch.Modules
{
    /// <summary>Sets elements to zero at random while training, and scales up the rest.</summary>
    public sealed class Dropout : nn.Module<Tensor, Tensor>
    {
        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        /// <summary>The probability of zero.</summary>
        public double p { get; set; }

        /// <summary>Whether the input itself is changed.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => nn.functional.dropout(input, p, training, inplace);
    }

    /// <summary>x Φ(x), or its approximation by a hyperbolic tangent.</summary>
    public sealed class GELU : nn.Module<Tensor, Tensor>
    {
        private readonly nn.functional.Approximate _approximate;
        private readonly bool _inplace;

        internal GELU(nn.functional.Approximate approximate, bool inplace)
            : base(nameof(GELU)) => (_approximate, _inplace) = (approximate, inplace);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => nn.functional.gelu(input, _approximate, _inplace);
    }

    /// <summary>The hyperbolic tangent.</summary>
    public sealed class Tanh : nn.Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal Tanh(bool inplace)
            : base(nameof(Tanh)) => _inplace = inplace;

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => _inplace ? input.tanh_() : input.tanh();
    }

    /// <summary>Gives its input back.</summary>
    public sealed class Identity : nn.Module<Tensor, Tensor>
    {
        internal Identity()
            : base(nameof(Identity))
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => input.alias();
    }

    /// <summary>The cross-entropy between logits and classes.</summary>
    public sealed class CrossEntropyLoss : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly long _ignoreIndex;
        private readonly nn.Reduction _reduction;

        internal CrossEntropyLoss(Tensor? weight, long ignoreIndex, nn.Reduction reduction)
            : base(nameof(CrossEntropyLoss))
        {
            (this.weight, _ignoreIndex, _reduction) = (weight, ignoreIndex, reduction);
            if (weight is not null)
                register_buffer(nameof(weight), weight);
        }

        /// <summary>A weight a class, or null.</summary>
        public Tensor? weight { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) =>
            nn.functional.cross_entropy(input1, input2, weight, _ignoreIndex, _reduction);
    }
}
