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

        /// <summary>Leaves all to the optimizer.</summary>
        public Options()
        {
        }

        internal Options(double lr, double momentum, double dampening, double weight_decay, bool nesterov, bool maximize)
        {
            Require(nameof(lr), lr);
            Require(nameof(momentum), momentum);
            Require(nameof(weight_decay), weight_decay);
            if (nesterov && (momentum <= 0 || dampening != 0))
                throw new ArgumentException($"Nesterov's momentum needs momentum (it is {momentum}) and no dampening (it is {dampening}).");
            LearningRate = lr;
            (this.momentum, this.dampening, this.weight_decay) = (momentum, dampening, weight_decay);
            (this.nesterov, this.maximize) = (nesterov, maximize);
        }

        private protected override void Merge(OptimizerOptions first, OptimizerOptions second)
        {
            var (a, b) = ((Options)first, (Options)second);
            (momentum, dampening) = (a.momentum ?? b.momentum, a.dampening ?? b.dampening);
            (weight_decay, nesterov, maximize) = (a.weight_decay ?? b.weight_decay, a.nesterov ?? b.nesterov, a.maximize ?? b.maximize);
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

        /// <summary>Frees the direction.</summary>
        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private protected override Tensor?[] Tensors
        {
            get => [momentum_buffer];
            set => momentum_buffer = value[0];
        }
    }
}
