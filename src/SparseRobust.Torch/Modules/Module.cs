namespace SparseRobust.Torch.Modules;

/// <summary>Placeholder until the binding lands.</summary>
internal static class Module
{
}
