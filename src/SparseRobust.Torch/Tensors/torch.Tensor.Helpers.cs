using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    private static Tensor Track(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;

    public partial class Tensor
    {
        /// <summary>The value of a one-element tensor.</summary>
        /// <returns>The number; on a GPU this waits for the device.</returns>
        public Scalar ToScalar()
        {
            Native.Check(Native.sr_item(Pointer, out var value));
            GC.KeepAlive(this);
            return Scalar.From(value);
        }

        /// <summary>A new native reference to the same memory outside the autograd graph.</summary>
        internal nint DetachedPointer() => Ops.Detach.Plain(this).Pointer;

        /// <summary>Makes this tensor, as every other object sees it, hold another's memory and type.</summary>
        internal void SetData(Tensor data)
        {
            Native.Check(Native.sr_set_data(Pointer, data.Pointer));
            GC.KeepAlive(this);
            GC.KeepAlive(data);
        }

        private static string? Rounding(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();

        private Tensor Move(Device device, ScalarType type, bool copy, bool disposeAfter, bool nonBlocking) =>
            Finish(Ops.ToDevice.One(this, device, type, nonBlocking, copy, Arg.None), disposeAfter);

        // LibTorch answers with the tensor itself when there is nothing to do; then so do we, and nobody disposes
        // a tensor through its copy.
        private Tensor Finish(Tensor result, bool disposeAfter)
        {
            if (!IsInvalid && result.Pointer == Pointer)
            {
                result.Dispose();
                return this;
            }
            if (disposeAfter)
                Dispose();
            return result;
        }
    }

    private static class ScalarConversion
    {
        internal static T To<T>(Scalar value)
        {
            object boxed = Type.GetTypeCode(typeof(T)) switch
            {
                TypeCode.Single => value.ToSingle(),
                TypeCode.Double => value.ToDouble(),
                TypeCode.Int64 => value.ToInt64(),
                TypeCode.Int32 => value.ToInt32(),
                TypeCode.Int16 => checked((short)value.ToInt64()),
                TypeCode.Byte => checked((byte)value.ToInt64()),
                TypeCode.SByte => checked((sbyte)value.ToInt64()),
                TypeCode.Boolean => value.ToBoolean(),
                _ => throw new NotSupportedException($"item<{typeof(T).Name}>() is not supported."),
            };
            return (T)boxed;
        }
    }
}
