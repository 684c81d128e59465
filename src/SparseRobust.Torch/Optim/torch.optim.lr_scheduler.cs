namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>The initial learning rate times gamma to the power of the finished periods: gamma^⌊step / step_size⌋.</summary>
            /// <param name="optimizer">Whose groups to set.</param>
            /// <param name="step_size">The steps of a period; at least one.</param>
            /// <param name="gamma">The factor of a period.</param>
            /// <param name="last_epoch">The step before the first.</param>
            /// <param name="verbose">Not used.</param>
            /// <returns>The scheduler, which has set the first learning rate.</returns>
            /// <exception cref="ArgumentOutOfRangeException">step_size is less than one.</exception>
            public static LRScheduler StepLR(
                Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(step_size, 1);
                return new(optimizer, step => Math.Pow(gamma, step / step_size), last_epoch);
            }

            /// <summary>The initial learning rate times a factor that goes in equal steps from start_factor to end_factor and stays there.</summary>
            /// <param name="optimizer">Whose groups to set.</param>
            /// <param name="start_factor">The factor at step zero, in (0, 1].</param>
            /// <param name="end_factor">The factor at step total_iters and after, in [0, 1].</param>
            /// <param name="total_iters">The steps between the two; at least one.</param>
            /// <param name="last_epoch">The step before the first.</param>
            /// <param name="verbose">Not used.</param>
            /// <returns>The scheduler, which has set the first learning rate.</returns>
            /// <exception cref="ArgumentOutOfRangeException">A factor or total_iters is out of range.</exception>
            public static LRScheduler LinearLR(
                Optimizer optimizer,
                double start_factor = 1.0 / 3,
                double end_factor = 1.0,
                int total_iters = 5,
                int last_epoch = -1,
                bool verbose = false)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(start_factor);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(start_factor, 1);
                ArgumentOutOfRangeException.ThrowIfNegative(end_factor);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(end_factor, 1);
                ArgumentOutOfRangeException.ThrowIfLessThan(total_iters, 1);
                double Factor(int step) => start_factor + ((end_factor - start_factor) * Math.Min(step, total_iters) / total_iters);
                return new(optimizer, Factor, last_epoch);
            }
        }
    }
}
