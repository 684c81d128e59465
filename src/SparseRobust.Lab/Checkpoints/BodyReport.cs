namespace SparseRobust.Lab.Checkpoints;

/// <summary>A tensor by name and shape.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Dimensions.</param>
public sealed record NamedShape(string Name, IReadOnlyList<long> Shape);

/// <summary>What became of each tensor when a model was started from a pre-trained body (embeddings, encoder, pooler).</summary>
/// <param name="Loaded">The model's tensors that were filled from the file, under the model's names.</param>
/// <param name="Missing">Tensors of the body that the file lacks. Only the pooler may be missing; the rest is an error.</param>
/// <param name="Unexpected">The file's tensors that have no place in the body, under the file's names: another task's head, or a pooler that the model has no use for.</param>
/// <param name="Reinitialised">The model's tensors that were left as they were built: its head, and what is missing.</param>
public sealed record BodyReport(IReadOnlyList<NamedShape> Loaded, IReadOnlyList<NamedShape> Missing, IReadOnlyList<NamedShape> Unexpected, IReadOnlyList<NamedShape> Reinitialised);
