namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>Unsigned 8 bits.</summary>
    public const ScalarType uint8 = ScalarType.Byte;

    /// <summary>Signed 8 bits.</summary>
    public const ScalarType int8 = ScalarType.Int8;

    /// <summary>Signed 16 bits.</summary>
    public const ScalarType int16 = ScalarType.Int16;

    /// <summary>Signed 32 bits.</summary>
    public const ScalarType int32 = ScalarType.Int32;

    /// <summary>Signed 64 bits.</summary>
    public const ScalarType int64 = ScalarType.Int64;

    /// <summary>Signed 32 bits.</summary>
    public const ScalarType @int = ScalarType.Int32;

    /// <summary>Signed 64 bits.</summary>
    public const ScalarType @long = ScalarType.Int64;

    /// <summary>Half precision.</summary>
    public const ScalarType float16 = ScalarType.Float16;

    /// <summary>Half precision.</summary>
    public const ScalarType half = ScalarType.Float16;

    /// <summary>Single precision.</summary>
    public const ScalarType float32 = ScalarType.Float32;

    /// <summary>Single precision.</summary>
    public const ScalarType @float = ScalarType.Float32;

    /// <summary>Double precision.</summary>
    public const ScalarType float64 = ScalarType.Float64;

    /// <summary>Double precision.</summary>
    public const ScalarType @double = ScalarType.Float64;

    /// <summary>Single precision cut to 16 bits.</summary>
    public const ScalarType bfloat16 = ScalarType.BFloat16;

    /// <summary>Truth values.</summary>
    public const ScalarType @bool = ScalarType.Bool;

    /// <summary>The processor.</summary>
    public static Device CPU { get; } = new(DeviceType.CPU);

    /// <summary>The first GPU.</summary>
    public static Device CUDA { get; } = new(DeviceType.CUDA);

    /// <summary>Parses a device's name.</summary>
    /// <param name="description">As in <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
    /// <returns>The device.</returns>
    public static Device device(string description) => new(description);

    /// <summary>Names a device.</summary>
    /// <param name="deviceType">As in <c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="index">Which one; -1 is the current one.</param>
    /// <returns>The device.</returns>
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    /// <summary>Names a device.</summary>
    /// <param name="deviceType">Its type.</param>
    /// <param name="index">Which one; -1 is the current one.</param>
    /// <returns>The device.</returns>
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
}
