using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// The tensor's own memory, which must be contiguous and on the processor; setting copies bytes into it.
        /// The span is valid while the tensor lives.
        /// </summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var info = Info;
                if (info.DeviceType != 0 || !info.IsContiguous)
                    throw new InvalidOperationException("Only a contiguous tensor on the processor can be read as bytes.");
                if (info.NumberOfElements == 0)
                    return [];
                Native.Check(Native.sr_data_pointer(Pointer, out var first));
                return new Span<byte>((void*)first, checked((int)(info.NumberOfElements * info.ElementSize)));
            }

            set
            {
                var target = bytes;
                if (target.Length != value.Length)
                    throw new ArgumentException($"{value.Length} bytes do not fit a tensor of {target.Length}.");
                value.CopyTo(target);
            }
        }

        /// <summary>Access to the elements, which must be on the processor.</summary>
        /// <typeparam name="T">The element type: float for Float32, long for Int64, bool for Bool and so on.</typeparam>
        /// <returns>The accessor; valid while the tensor lives.</returns>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            if (ElementType<T>() is { } type && type != dtype)
                throw new ArgumentException($"A tensor of {dtype} cannot be read as {typeof(T).Name}.");
            return new TensorAccessor<T>(this);
        }
    }

    private static ScalarType? ElementType<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        TypeCode.Boolean => ScalarType.Bool,
        _ => typeof(T) == typeof(Half) ? ScalarType.Float16 : null,
    };
}
