using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Normalises over the last dimensions, then scales and shifts.</summary>
            /// <param name="normalized_shape">The last sizes of the input.</param>
            /// <param name="eps">What is added to the variance.</param>
            /// <param name="elementwise_affine">Whether there is a scale.</param>
            /// <param name="bias">Whether there is a shift beside the scale.</param>
            /// <param name="device">Where; null is the processor.</param>
            /// <param name="dtype">The type; null is Float32.</param>
            /// <returns>The module.</returns>
            public static LayerNorm LayerNorm(
                long[] normalized_shape,
                double eps = 1e-05,
                bool elementwise_affine = true,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null)
            {
                var scale = elementwise_affine ? new Parameter(ones(normalized_shape, dtype, device)) : null;
                var shift = elementwise_affine && bias ? new Parameter(zeros(normalized_shape, dtype, device)) : null;
                return new LayerNorm(normalized_shape, eps, scale, shift);
            }

            /// <summary>Normalises over the last dimension, then scales and shifts.</summary>
            public static LayerNorm LayerNorm(
                long normalized_shape,
                double eps = 1e-05,
                bool elementwise_affine = true,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null) => LayerNorm([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}

namespace SparseRobust.Torch.Modules
{
    /// <summary>Normalises over the last dimensions, then scales and shifts.</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        private readonly long[] _shape;
        private readonly double _eps;
        private Parameter? _weight;
        private Parameter? _bias;

        internal LayerNorm(long[] shape, double eps, Parameter? weight, Parameter? bias)
            : base(nameof(LayerNorm))
        {
            (_shape, _eps, _weight, _bias) = (shape, eps, weight, bias);
            register_parameter(nameof(weight), weight);
            register_parameter(nameof(bias), bias);
        }

        /// <summary>The scale, or null.</summary>
        public Parameter? weight
        {
            get => _weight;
            set => register_parameter(nameof(weight), _weight = value);
        }

        /// <summary>The shift, or null.</summary>
        public Parameter? bias
        {
            get => _bias;
            set => register_parameter(nameof(bias), _bias = value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias, _eps);
    }
}
