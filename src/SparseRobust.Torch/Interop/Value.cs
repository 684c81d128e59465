using System.Runtime.InteropServices;

namespace SparseRobust.Torch.Interop;

/// <summary>What a <see cref="Value"/> holds; the numbers are the native header's.</summary>
internal enum Tag
{
    None = 0,
    Tensor = 1,
    TensorList = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    IntList = 6,
    String = 7,
    Device = 8,
    OptionalTensorList = 9,
    Generator = 10,
}

/// <summary>One argument or result as it crosses the boundary (sr_value).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Value
{
    [FieldOffset(0)] internal Tag Tag;
    [FieldOffset(4)] internal int Size;
    [FieldOffset(8)] internal long Int;
    [FieldOffset(8)] internal double Double;
    [FieldOffset(8)] internal nint Pointer;
}

/// <summary>A tensor's fixed-size facts (sr_tensor_info).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal long NumberOfElements;
    internal int DType;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int Dimensions;
    internal int ElementSize;
    internal int Flags;

    internal readonly bool RequiresGrad => (Flags & 1) != 0;
    internal readonly bool IsLeaf => (Flags & 2) != 0;
    internal readonly bool IsContiguous => (Flags & 4) != 0;
    internal readonly bool IsSparse => (Flags & 8) != 0;
}

/// <summary>One AdamW group's numbers (sr_adamw_options).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AdamWOptions
{
    internal double LearningRate;
    internal double Beta1;
    internal double Beta2;
    internal double Eps;
    internal double WeightDecay;
    internal double ProxStrength;
    internal int Maximize;
    internal int ProxStep;
}

/// <summary>Parallel lists of parameters and their state (sr_adamw_state).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AdamWState
{
    internal nint* Parameters;
    internal nint* ExpAvgs;
    internal nint* ExpAvgSqs;
    internal long* Steps;
    internal nint* MaxExpAvgSqs;
    internal nint* ProxWeights;
    internal nint* Masks;
}
