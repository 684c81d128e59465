using SparseRobust.Torch.Interop;
using SparseRobust.Torch.Modules;

namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values. Each function overwrites its tensor, unrecorded, and returns it.</summary>
        public static class init
        {
            /// <summary>Normal random numbers.</summary>
            public static Tensor normal_(Tensor tensor, double mean = 0.0, double std = 1.0, Generator? generator = null) =>
                Unrecorded(tensor, t => t.normal_(mean, std, generator));

            /// <summary>Uniform random numbers in [low, high).</summary>
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Unrecorded(tensor, t => t.uniform_(low, high, generator));

            /// <summary>Zeros.</summary>
            public static Tensor zeros_(Tensor tensor) => Unrecorded(tensor, t => t.zero_());

            /// <summary>Ones.</summary>
            public static Tensor ones_(Tensor tensor) => Unrecorded(tensor, t => t.fill_(1));

            /// <summary>One number.</summary>
            public static Tensor constant_(Tensor tensor, Scalar val) => Unrecorded(tensor, t => t.fill_(val));

            /// <summary>Uniform random numbers in ± gain √(6 / (inputs + outputs)).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (inputs, outputs) = Fans(tensor);
                var bound = gain * Math.Sqrt(6.0 / (inputs + outputs));
                return uniform_(tensor, -bound, bound);
            }

            /// <summary>Normal random numbers of deviation gain √(2 / (inputs + outputs)).</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0)
            {
                var (inputs, outputs) = Fans(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (inputs + outputs)));
            }

            /// <summary>Normal random numbers, drawn again where they fall outside [a, b].</summary>
            /// <remarks>Deviates from PyTorch, which inverts the distribution function: same law, other numbers.</remarks>
            public static Tensor trunc_normal_(
                Tensor tensor, double mean = 0.0, double std = 1.0, double a = -2.0, double b = 2.0, Generator? generator = null)
            {
                if (a >= b || b < mean - (3 * std) || a > mean + (3 * std))
                    throw new ArgumentException($"The interval [{a}, {b}] is too far from the mean {mean} or empty.");
                return Unrecorded(tensor, t => Redraw(t, mean, std, a, b, generator));
            }

            private static void Redraw(Tensor tensor, double mean, double std, double a, double b, Generator? generator)
            {
                tensor.normal_(mean, std, generator);
                while (true)
                {
                    using var scope = NewDisposeScope();
                    var outside = tensor.lt(a).logical_or(tensor.gt(b));
                    if (!outside.any().ToBoolean())
                        return;
                    tensor.copy_(torch.where(outside, empty_like(tensor).normal_(mean, std, generator), tensor));
                }
            }

            private static (long Inputs, long Outputs) Fans(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fans need at least two dimensions.", nameof(tensor));
                var field = shape.Skip(2).Aggregate(1L, (x, y) => x * y);
                return (shape[1] * field, shape[0] * field);
            }

            private static Tensor Unrecorded(Tensor tensor, Action<Tensor> body)
            {
                using var guard = no_grad();
                body(tensor);
                return tensor;
            }
        }

        /// <summary>What training loops need beside modules.</summary>
        public static unsafe class utils
        {
            /// <summary>Scales all gradients so that their common norm is at most a bound; the result does not depend on threads.</summary>
            /// <param name="tensors">The parameters; those without gradients are left out.</param>
            /// <param name="max_norm">The bound.</param>
            /// <param name="norm_type">The norm's p; infinity for the largest magnitude.</param>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                var all = tensors.ToArray();
                var pointers = Array.ConvertAll(all, p => p.Pointer);
                double total;
                fixed (nint* first = pointers)
                    Native.Check(Native.sr_clip_grad_norm(first, pointers.Length, max_norm, norm_type, out total));
                GC.KeepAlive(all);
                return total;
            }

            /// <summary>Cuts all gradients to an interval around zero.</summary>
            /// <param name="tensors">The parameters; those without gradients are left out.</param>
            /// <param name="clip_value">The largest magnitude.</param>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var guard = no_grad();
                foreach (var parameter in tensors)
                {
                    using var gradient = parameter.grad;
                    gradient?.clamp_(-clip_value, clip_value);
                }
            }
        }
    }
}
