using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same memory, outside the autograd graph.</summary>
        public Tensor detach() => Ops.Detach.One(this);

        /// <summary>Takes the tensor out of the autograd graph.</summary>
        public Tensor detach_() => Ops.DetachInPlace.InPlace(this, this);

        /// <summary>A copy; gradients flow through it.</summary>
        public Tensor clone() => Ops.Clone.One(this, Arg.None);

        /// <summary>The tensor on the processor; itself when it is there.</summary>
        public Tensor cpu() => to(CPU);

        /// <summary>The tensor on a GPU; itself when it is there.</summary>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        /// <summary>The tensor on a device; itself when nothing changes.</summary>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Move(device, dtype, copy, disposeAfter, non_blocking);

        /// <summary>The tensor on a device; itself when nothing changes.</summary>
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Move(new Device(deviceType, deviceIndex), dtype, copy, disposeAfter, non_blocking);

        /// <summary>The tensor in another type and on a device; itself when nothing changes.</summary>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Move(device, type, copy, disposeAfter, non_blocking);

        /// <summary>The tensor in another type; itself when nothing changes.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to_type(type, copy, disposeAfter, non_blocking);

        /// <summary>The tensor in another's type and on its device.</summary>
        public Tensor to(Tensor other) => Move(other.device, other.dtype, false, false, false);

        /// <summary>The tensor in another type; itself when nothing changes.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Finish(Ops.ToDtype.One(this, type, non_blocking, copy, Arg.None), disposeAfter);

        /// <summary>The tensor in another's type.</summary>
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        /// <summary>The tensor in single precision.</summary>
        public Tensor @float() => to_type(ScalarType.Float32);

        /// <summary>The tensor in double precision.</summary>
        public Tensor @double() => to_type(ScalarType.Float64);

        /// <summary>The tensor as 64-bit integers.</summary>
        public Tensor @long() => to_type(ScalarType.Int64);

        /// <summary>The tensor as 32-bit integers.</summary>
        public Tensor @int() => to_type(ScalarType.Int32);

        /// <summary>The tensor as truth values.</summary>
        public Tensor @bool() => to_type(ScalarType.Bool);

        /// <summary>The tensor as bytes.</summary>
        public Tensor @byte() => to_type(ScalarType.Byte);

        /// <summary>The tensor in half precision.</summary>
        public Tensor half() => to_type(ScalarType.Float16);

        /// <summary>The tensor as bfloat16.</summary>
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);

        /// <summary>The value of a one-element tensor.</summary>
        public T item<T>() => ScalarConversion.To<T>(ToScalar());

        /// <summary>The value of a one-element tensor.</summary>
        public float ToSingle() => ToScalar().ToSingle();

        /// <summary>The value of a one-element tensor.</summary>
        public double ToDouble() => ToScalar().ToDouble();

        /// <summary>The value of a one-element tensor.</summary>
        public long ToInt64() => ToScalar().ToInt64();

        /// <summary>The value of a one-element tensor.</summary>
        public int ToInt32() => ToScalar().ToInt32();

        /// <summary>The value of a one-element tensor.</summary>
        public bool ToBoolean() => ToScalar().ToBoolean();
    }
}
