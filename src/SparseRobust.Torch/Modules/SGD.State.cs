using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Modules;

public sealed partial class SGD
{
    /// <summary>A group's hyper-parameters; null takes the optimizer's.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>How much of the last direction is kept.</summary>
        public double? momentum;

        /// <summary>How much of the gradient is left out of the direction.</summary>
        public double? dampening;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>Whether to look ahead.</summary>
        public bool? nesterov;

        /// <summary>Whether to go up.</summary>
        public bool? maximize;

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            if (source is not Options other)
                throw new ArgumentException("Options of SGD are needed.", nameof(source));
            (momentum, dampening, weight_decay) = (other.momentum, other.dampening, other.weight_decay);
            (nesterov, maximize) = (other.nesterov, other.maximize);
        }

        internal void FillFrom(Options defaults)
        {
            LearningRate ??= defaults.LearningRate;
            InitialLearningRate = LearningRate!.Value;
            momentum ??= defaults.momentum;
            dampening ??= defaults.dampening;
            weight_decay ??= defaults.weight_decay;
            nesterov ??= defaults.nesterov;
            maximize ??= defaults.maximize;
        }
    }

    /// <summary>Parameters with their own hyper-parameters.</summary>
    public class ParamGroup : ParamGroup<Options>
    {
        /// <summary>Makes an empty group.</summary>
        public ParamGroup()
        {
        }

        /// <summary>Makes a group.</summary>
        /// <param name="parameters">The parameters.</param>
        /// <param name="options">The options.</param>
        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }
    }

    /// <summary>What SGD remembers of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        /// <summary>The direction so far; null before the first step and without momentum.</summary>
        public Tensor? momentum_buffer;

        internal State()
        {
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            if (ReferenceEquals(this, source))
                return;
            if (source is not State other)
                throw new ArgumentException("A state of SGD is needed.", nameof(source));
            Dispose();
            momentum_buffer = other.momentum_buffer?.detach().clone().DetachFromDisposeScope();
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State rhs && (momentum_buffer is { } own && rhs.momentum_buffer is { } theirs
                ? own.allclose(theirs)
                : momentum_buffer is null && rhs.momentum_buffer is null);

        /// <inheritdoc/>
        public override void to(Device device) =>
            momentum_buffer = momentum_buffer?.to(device, disposeAfter: true).DetachFromDisposeScope();

        /// <summary>Frees the direction.</summary>
        public void Dispose()
        {
            momentum_buffer?.Dispose();
            momentum_buffer = null;
            GC.SuppressFinalize(this);
        }
    }
}
