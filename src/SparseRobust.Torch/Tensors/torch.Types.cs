namespace SparseRobust.Torch;

/// <summary>Where a tensor's memory is.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU.</summary>
    CUDA = 1,

    /// <summary>No memory at all, only shapes.</summary>
    META = 14,
}

/// <summary>How a quotient is rounded.</summary>
public enum RoundingMode
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>Towards zero.</summary>
    trunc = 1,

    /// <summary>Towards negative infinity.</summary>
    floor = 2,
}

/// <summary>LibTorch under TorchSharp's names.</summary>
public static partial class torch
{
    /// <summary>A tensor's element type.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>Unsigned 8 bits.</summary>
        Byte = 0,

        /// <summary>Signed 8 bits.</summary>
        Int8 = 1,

        /// <summary>Signed 16 bits.</summary>
        Int16 = 2,

        /// <summary>Signed 32 bits.</summary>
        Int32 = 3,

        /// <summary>Signed 64 bits.</summary>
        Int64 = 4,

        /// <summary>IEEE half precision.</summary>
        Float16 = 5,

        /// <summary>Single precision.</summary>
        Float32 = 6,

        /// <summary>Double precision.</summary>
        Float64 = 7,

        /// <summary>Pairs of single precision.</summary>
        ComplexFloat32 = 9,

        /// <summary>Pairs of double precision.</summary>
        ComplexFloat64 = 10,

        /// <summary>Truth values, one byte each.</summary>
        Bool = 11,

        /// <summary>Single precision cut to 16 bits.</summary>
        BFloat16 = 15,
    }

    /// <summary>A device: its type and its index.</summary>
    public sealed class Device : IEquatable<Device>
    {
        /// <summary>Parses a device's name.</summary>
        /// <param name="description">As in <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
        public Device(string description)
        {
            var parts = description.Split(':');
            type = parts[0].ToUpperInvariant() switch
            {
                "CPU" => DeviceType.CPU,
                "CUDA" => DeviceType.CUDA,
                "META" => DeviceType.META,
                _ => throw new ArgumentException($"Unknown device '{description}'.", nameof(description)),
            };
            index = parts.Length > 1
                ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)
                : type == DeviceType.CUDA ? 0 : -1;
        }

        /// <summary>Names a device.</summary>
        /// <param name="deviceType">As in <c>cpu</c> or <c>cuda</c>.</param>
        /// <param name="index">Which one; -1 is the current one.</param>
        public Device(string deviceType, int index = -1)
            : this(new Device(deviceType).type, index)
        {
        }

        /// <summary>Names a device.</summary>
        /// <param name="deviceType">Its type.</param>
        /// <param name="index">Which one; -1 is the current one.</param>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = deviceType == DeviceType.CUDA && index < 0 ? 0 : deviceType == DeviceType.CPU ? -1 : index;
        }

        /// <summary>The device's type.</summary>
        public DeviceType type { get; }

        /// <summary>The device's index; -1 where there is only one.</summary>
        public int index { get; }

        /// <inheritdoc/>
        public bool Equals(Device? other) => other is not null && type == other.type && index == other.index;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => Equals(obj as Device);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(type, index);

        /// <inheritdoc/>
        public override string ToString() =>
            type.ToString().ToLowerInvariant() + (index >= 0 ? $":{index}" : string.Empty);
    }

    /// <summary>A shape. Converts to and from <c>long[]</c>.</summary>
    public readonly struct Size : IEquatable<Size>
    {
        private readonly long[]? _shape;

        /// <summary>Wraps a shape.</summary>
        /// <param name="shape">The sizes, one a dimension.</param>
        public Size(long[] shape) => _shape = shape;

        /// <summary>The number of dimensions.</summary>
        public int Length => Shape.Length;

        internal long[] Shape => _shape ?? [];

        /// <summary>The size of one dimension.</summary>
        /// <param name="index">Which.</param>
        public long this[int index] => Shape[index];

        /// <summary>Wraps a shape.</summary>
        /// <param name="shape">The sizes.</param>
        public static implicit operator Size(long[] shape) => new(shape);

        /// <summary>Wraps a shape.</summary>
        /// <param name="shape">The sizes.</param>
        public static implicit operator Size(int[] shape) => new(Array.ConvertAll(shape, i => (long)i));

        /// <summary>Wraps the shape of a vector.</summary>
        /// <param name="length">The vector's length.</param>
        public static implicit operator Size(long length) => new([length]);

        /// <summary>The number of elements.</summary>
        /// <returns>The product of the sizes.</returns>
        public long numel() => Shape.Aggregate(1L, (a, b) => a * b);

        /// <inheritdoc/>
        public bool Equals(Size other) => Shape.AsSpan().SequenceEqual(other.Shape);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Size other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => Shape.Aggregate(17, HashCode.Combine);

        /// <summary>Compares two shapes.</summary>
        /// <param name="left">One.</param>
        /// <param name="right">The other.</param>
        public static bool operator ==(Size left, Size right) => left.Equals(right);

        /// <summary>Compares two shapes.</summary>
        /// <param name="left">One.</param>
        /// <param name="right">The other.</param>
        public static bool operator !=(Size left, Size right) => !left.Equals(right);
    }
}
