using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Stochastic gradient descent, with or without momentum.</summary>
        /// <param name="parameters">What to optimize.</param>
        /// <param name="learningRate">The learning rate; not negative.</param>
        /// <param name="momentum">How much of the last direction is kept; 0 keeps none.</param>
        /// <param name="dampening">How much of the gradient is left out of the direction.</param>
        /// <param name="weight_decay">How much of the parameter is added to its gradient; not negative.</param>
        /// <param name="nesterov">Whether to look ahead; needs momentum, and no dampening.</param>
        /// <param name="maximize">Whether to go up.</param>
        /// <returns>The optimizer.</returns>
        /// <exception cref="ArgumentException">A number is out of range, or a parameter occurs twice.</exception>
        public static SGD SGD(
            IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false) =>
            new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

        /// <summary>Stochastic gradient descent over named parameters.</summary>
        public static SGD SGD(
            IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0,
            double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
            new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

        /// <summary>Stochastic gradient descent over groups with their own options.</summary>
        public static SGD SGD(
            IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0,
            bool nesterov = false, bool maximize = false) =>
            new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
    }
}
