using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Adam (Kingma and Ba), whose weight decay is a part of the gradient; <see cref="AdamW(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/> decays apart from it.</summary>
        /// <param name="parameters">What to optimize.</param>
        /// <param name="lr">The learning rate; not negative.</param>
        /// <param name="beta1">The decay rate of the first moment, in [0, 1).</param>
        /// <param name="beta2">The decay rate of the second moment, in [0, 1).</param>
        /// <param name="eps">What is added to the denominator; not negative.</param>
        /// <param name="weight_decay">How much of the parameter is added to its gradient; not negative.</param>
        /// <param name="amsgrad">Whether the largest second moment is used.</param>
        /// <param name="maximize">Whether to go up.</param>
        /// <returns>The optimizer.</returns>
        /// <exception cref="ArgumentException">A number is out of range, or a parameter occurs twice.</exception>
        public static Adam Adam(
            IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Adam over named parameters.</summary>
        public static Adam Adam(
            IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
            double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

        /// <summary>Adam over groups with their own options.</summary>
        public static Adam Adam(
            IEnumerable<Adam.ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8,
            double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
            new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
    }
}
