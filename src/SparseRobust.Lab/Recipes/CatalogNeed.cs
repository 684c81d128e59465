namespace SparseRobust.Lab.Recipes;

/// <summary>Beside which kinds a record that may be null must be there.</summary>
/// <param name="Field">The variant beside it: pruning.</param>
/// <param name="Kinds">Those of its kinds that need the record: mask-training.</param>
public sealed record CatalogNeed(string Field, IReadOnlyList<string> Kinds);
