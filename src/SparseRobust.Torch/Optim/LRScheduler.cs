namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes of the learning rate with training time.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>The initial learning rate times a function of the number of steps.</summary>
            /// <param name="optimizer">Whose groups to set.</param>
            /// <param name="lr_lambda">The factor at a step, from zero.</param>
            /// <param name="last_epoch">The step before the first.</param>
            /// <param name="verbose">Not used.</param>
            /// <returns>The scheduler, which has set the first learning rate.</returns>
            public static LRScheduler LambdaLR(
                Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new(optimizer, lr_lambda, last_epoch);

            /// <summary>Sets the learning rate of each group at each step.</summary>
            public sealed class LRScheduler
            {
                private readonly Optimizer _optimizer;
                private readonly Func<int, double> _factor;

                internal LRScheduler(Optimizer optimizer, Func<int, double> factor, int lastEpoch)
                {
                    _optimizer = optimizer;
                    _factor = factor;
                    LastEpoch = lastEpoch;
                    step();
                }

                /// <summary>The number of steps so far.</summary>
                public int LastEpoch { get; private set; }

                /// <summary>Goes on by one step.</summary>
                public void step() => step(LastEpoch + 1);

                /// <summary>Goes to a given step.</summary>
                /// <param name="epoch">Which.</param>
                public void step(int? epoch)
                {
                    LastEpoch = epoch ?? LastEpoch + 1;
                    foreach (var group in _optimizer.ParamGroups)
                        group.LearningRate = group.InitialLearningRate * _factor(LastEpoch);
                }

                /// <summary>The learning rate of each group.</summary>
                /// <returns>In the order of the groups.</returns>
                public IEnumerable<double> get_last_lr() => _optimizer.ParamGroups.Select(g => g.LearningRate);
            }
        }
    }
}
