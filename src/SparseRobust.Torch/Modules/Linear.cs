using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>An affine map, x Wᵀ + b, with PyTorch's initial values.</summary>
            /// <param name="inputSize">The input's last size.</param>
            /// <param name="outputSize">The output's last size.</param>
            /// <param name="hasBias">Whether there is a b.</param>
            /// <param name="device">Where; null is the processor.</param>
            /// <param name="dtype">The type; null is Float32.</param>
            /// <returns>The module.</returns>
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
            {
                var bound = 1 / Math.Sqrt(Math.Max(1, inputSize));
                var weight = empty([outputSize, inputSize], dtype, device).uniform_(-bound, bound);
                var bias = hasBias ? empty([outputSize], dtype, device).uniform_(-bound, bound) : null;
                return Linear(new Parameter(weight), bias is null ? null : new Parameter(bias));
            }

            /// <summary>An affine map with given values.</summary>
            /// <param name="weight">W, [output, input].</param>
            /// <param name="bias">b, [output], or null.</param>
            /// <returns>The module.</returns>
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}

namespace SparseRobust.Torch.Modules
{
    /// <summary>An affine map, x Wᵀ + b.</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        private Parameter _weight;
        private Parameter? _bias;

        internal Linear(Parameter weight, Parameter? bias)
            : base(nameof(Linear))
        {
            _weight = weight;
            _bias = bias;
            register_parameter(nameof(weight), weight);
            register_parameter(nameof(bias), bias);
        }

        /// <summary>W, [output, input].</summary>
        public Parameter weight
        {
            get => _weight;
            set => register_parameter(nameof(weight), _weight = value);
        }

        /// <summary>b, [output], or null.</summary>
        public Parameter? bias
        {
            get => _bias;
            set => register_parameter(nameof(bias), _bias = value);
        }

        /// <summary>The input's last size.</summary>
        public long in_features => _weight.shape[1];

        /// <summary>The output's last size.</summary>
        public long out_features => _weight.shape[0];

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
    }
}
