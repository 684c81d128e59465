namespace SparseRobust.Torch;

/// <summary>LibTorch under TorchSharp's names.</summary>
public static partial class torch
{
}
