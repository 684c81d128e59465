using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A long short-term memory: i, f, o = σ(W x + b + U h + d), g = tanh of the like, c ← f c + i g, h ← o tanh(c).</summary>
            /// <param name="inputSize">The size of an element of the sequence.</param>
            /// <param name="hiddenSize">The size of h and c; initial values are uniform within ±1/√ of it.</param>
            /// <param name="numLayers">How many are stacked, each reading the outputs of the one below.</param>
            /// <param name="bias">Whether there are b and d.</param>
            /// <param name="batchFirst">Whether sequences are [batch, length, size] rather than [length, batch, size].</param>
            /// <param name="dropout">Dropout of what the layers but the first read.</param>
            /// <param name="bidirectional">Whether each layer has a second one that reads from the end, and gives the outputs of both side by side.</param>
            /// <param name="device">Where; null is the processor.</param>
            /// <param name="dtype">The type; null is Float32.</param>
            /// <returns>The module.</returns>
            public static LSTM LSTM(
                long inputSize,
                long hiddenSize,
                long numLayers = 1,
                bool bias = true,
                bool batchFirst = false,
                double dropout = 0.0,
                bool bidirectional = false,
                Device? device = null,
                ScalarType? dtype = null)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numLayers);
                return new LSTM(inputSize, hiddenSize, (numLayers, bias, batchFirst, dropout, bidirectional), (device, dtype));
            }
        }
    }
}

namespace SparseRobust.Torch.Modules
{
    /// <summary>A long short-term memory. Parameters have PyTorch's names: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, and _reverse after those of the direction from the end;
    /// their rows are those of i, f, g and o.</summary>
    public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private const int Gates = 4;

        private readonly long _hiddenSize;
        private readonly (long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional) _shape;

        internal LSTM(
            long inputSize, long hiddenSize, (long Layers, bool Bias, bool BatchFirst, double Dropout, bool Bidirectional) shape, (Device? Device, ScalarType? Type) place)
            : base(nameof(LSTM))
        {
            _hiddenSize = hiddenSize;
            _shape = shape;
            var bound = 1 / Math.Sqrt(hiddenSize);
            for (var layer = 0L; layer < shape.Layers; layer++)
            {
                var below = layer == 0 ? inputSize : hiddenSize * Directions;
                for (var direction = 0; direction < Directions; direction++)
                    Register($"_l{layer}{(direction == 0 ? "" : "_reverse")}", below);
            }

            void Register(string suffix, long below)
            {
                Add("weight_ih" + suffix, [Gates * hiddenSize, below]);
                Add("weight_hh" + suffix, [Gates * hiddenSize, hiddenSize]);
                if (!shape.Bias)
                    return;
                Add("bias_ih" + suffix, [Gates * hiddenSize]);
                Add("bias_hh" + suffix, [Gates * hiddenSize]);
            }

            void Add(string name, long[] size)
            {
                using var scope = NewDisposeScope();
                register_parameter(name, new Parameter(empty(size, place.Type, place.Device).uniform_(-bound, bound)));
            }
        }

        private int Directions => _shape.Bidirectional ? 2 : 1;

        /// <summary>Reads sequences.</summary>
        /// <param name="input">[length, batch, size], or [batch, length, size] when so made.</param>
        /// <param name="h0_c0">h and c to start with, each [layers x directions, batch, hidden size]; null for zeros.</param>
        /// <returns>The last layer's h at every element, shaped as the input; h and c at the end of every layer and direction.</returns>
        public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
        {
            using var scope = NewDisposeScope();
            Tensor[] start = h0_c0 is { } given ? [given.Item1, given.Item2] : Zeros(input);
            Tensor[] weights = [.. parameters()];
            var (output, h, c) = Ops.Lstm.Three(
                input, start, weights, _shape.Bias, _shape.Layers, _shape.Dropout, training, _shape.Bidirectional, _shape.BatchFirst);
            return scope.MoveToOuter(output, h, c);
        }

        private Tensor[] Zeros(Tensor input)
        {
            var zero = zeros([_shape.Layers * Directions, input.shape[_shape.BatchFirst ? 0 : 1], _hiddenSize], input.dtype, input.device);
            return [zero, zero];
        }
    }
}
