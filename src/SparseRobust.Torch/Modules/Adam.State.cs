using static SparseRobust.Torch.torch;
using static SparseRobust.Torch.torch.optim;

namespace SparseRobust.Torch.Modules;

public sealed partial class Adam
{
    /// <summary>A group's hyper-parameters; null takes the optimizer's.</summary>
    public class Options : OptimizerOptions
    {
        /// <summary>The decay rate of the first moment.</summary>
        public double? beta1;

        /// <summary>The decay rate of the second moment.</summary>
        public double? beta2;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>What is added to the denominator.</summary>
        public double? eps;

        /// <summary>Whether the largest second moment is used.</summary>
        public bool? amsgrad;

        /// <summary>Whether to go up.</summary>
        public bool? maximize;

        /// <summary>Leaves all to the optimizer.</summary>
        public Options()
        {
        }

        internal Options(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize)
        {
            Require(nameof(lr), lr);
            Require(nameof(beta1), beta1, below: 1);
            Require(nameof(beta2), beta2, below: 1);
            Require(nameof(eps), eps);
            Require(nameof(weight_decay), weight_decay);
            LearningRate = lr;
            (this.beta1, this.beta2, this.eps) = (beta1, beta2, eps);
            (this.weight_decay, this.amsgrad, this.maximize) = (weight_decay, amsgrad, maximize);
        }

        private protected override void Merge(OptimizerOptions first, OptimizerOptions second)
        {
            var (a, b) = ((Options)first, (Options)second);
            (beta1, beta2, eps) = (a.beta1 ?? b.beta1, a.beta2 ?? b.beta2, a.eps ?? b.eps);
            (weight_decay, amsgrad, maximize) = (a.weight_decay ?? b.weight_decay, a.amsgrad ?? b.amsgrad, a.maximize ?? b.maximize);
        }
    }

    /// <summary>Parameters with their own hyper-parameters.</summary>
    public class ParamGroup : ParamGroup<Options>, IBetas
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

        /// <summary>Makes a group.</summary>
        public ParamGroup(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
        {
        }

        /// <inheritdoc/>
        public (double, double) Betas
        {
            get => (Options?.beta1 ?? 0.9, Options?.beta2 ?? 0.999);
            set => (Options!.beta1, Options.beta2) = value;
        }
    }

    /// <summary>What Adam remembers of one parameter. All of it is public, so that a checkpoint can restore every bit.</summary>
    public class State : OptimizerState, IDisposable
    {
        /// <summary>How many steps the parameter has made.</summary>
        public long step;

        /// <summary>The first moment.</summary>
        public Tensor exp_avg;

        /// <summary>The second moment.</summary>
        public Tensor exp_avg_sq;

        /// <summary>The largest second moment, with AMSGrad.</summary>
        public Tensor? max_exp_avg_sq;

        internal State(Parameter parameter, bool amsgrad)
        {
            exp_avg = ZerosLike(parameter);
            exp_avg_sq = ZerosLike(parameter);
            max_exp_avg_sq = amsgrad ? ZerosLike(parameter) : null;
        }

        /// <inheritdoc/>
        public override void LoadStateDict(OptimizerState source)
        {
            base.LoadStateDict(source);
            step = ((State)source).step;
        }

        /// <inheritdoc/>
        public override bool ApproximatelyEquals(OptimizerState other) => base.ApproximatelyEquals(other) && step == ((State)other).step;

        /// <summary>Frees the moments.</summary>
        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        private protected override Tensor?[] Tensors
        {
            get => max_exp_avg_sq is null ? [exp_avg, exp_avg_sq] : [exp_avg, exp_avg_sq, max_exp_avg_sq];
            set => (exp_avg, exp_avg_sq, max_exp_avg_sq) = (value[0]!, value[1]!, value.ElementAtOrDefault(2));
        }
    }
}
