using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A table of vectors, looked up by integers; normal initial values.</summary>
            /// <param name="num_embeddings">The rows.</param>
            /// <param name="embedding_dims">The vectors' size.</param>
            /// <param name="padding_idx">A row that starts at zero and gets no gradient.</param>
            /// <param name="max_norm">Not supported: must be null.</param>
            /// <param name="norm_type">Not used.</param>
            /// <param name="scale_grad_by_freq">Whether a row's gradient is divided by how often it occurs.</param>
            /// <param name="sparse">Whether the table's gradient is sparse: it then holds the rows that were looked up and no others. AdamW and clip_grad_norm_ take it.</param>
            /// <param name="device">Where; null is the processor.</param>
            /// <param name="dtype">The type; null is Float32.</param>
            /// <returns>The module.</returns>
            public static Embedding Embedding(
                long num_embeddings,
                long embedding_dims,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2.0,
                bool scale_grad_by_freq = false,
                bool sparse = false,
                Device? device = null,
                ScalarType? dtype = null)
            {
                if (max_norm is not null)
                    throw new NotSupportedException("Embedding does not support max_norm.");
                using var scope = NewDisposeScope();
                var values = empty([num_embeddings, embedding_dims], dtype, device).normal_();
                if (padding_idx is { } row)
                    values.select(0, row).zero_();
                return new Embedding(new Parameter(values), padding_idx, scale_grad_by_freq, sparse);
            }
        }
    }
}

namespace SparseRobust.Torch.Modules
{
    /// <summary>A table of vectors, looked up by integers.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long? _paddingIndex;
        private readonly bool _scaleByFrequency;
        private readonly bool _sparse;
        private Parameter _weight;

        internal Embedding(Parameter weight, long? paddingIndex, bool scaleByFrequency, bool sparse)
            : base(nameof(Embedding))
        {
            _weight = weight;
            _paddingIndex = paddingIndex;
            _scaleByFrequency = scaleByFrequency;
            _sparse = sparse;
            register_parameter(nameof(weight), weight);
        }

        /// <summary>The table, [rows, size].</summary>
        public Parameter weight
        {
            get => _weight;
            set => register_parameter(nameof(weight), _weight = value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) =>
            nn.functional.embedding(input, _weight, _paddingIndex, scale_grad_by_freq: _scaleByFrequency, sparse: _sparse);
    }
}
