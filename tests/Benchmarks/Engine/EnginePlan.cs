namespace SparseRobust.Benchmarks.Engine;

/// <summary>What is measured, how often.</summary>
internal sealed record EnginePlan
{
    public required IReadOnlyList<BertShape> Models { get; init; }

    public required IReadOnlyList<string> Precisions { get; init; }

    public required IReadOnlyList<string> Trainings { get; init; }

    public required int Rounds { get; init; }

    public int? Steps { get; init; }

    public int? Warmup { get; init; }

    public required int Threads { get; init; }

    public required string Python { get; init; }

    /// <summary>How to repeat it.</summary>
    public required string Command { get; init; }
}

/// <summary>A model at the batch that it is measured with.</summary>
internal sealed record BertShape(string Name, int Layers, int Hidden, int Steps, int Warmup)
{
    public const int Batch = 32;
    public const int Length = 128;
    public const int Vocabulary = 30_522;

    public static IReadOnlyList<BertShape> Catalogue { get; } = [new("mini", 4, 256, Steps: 20, Warmup: 5), new("base", 12, 768, Steps: 3, Warmup: 1)];

    public int Heads => Hidden / 64;

    /// <summary>What our command line and the Python peer both take.</summary>
    public IReadOnlyList<string> Arguments => ["--layers", $"{Layers}", "--hidden", $"{Hidden}", "--batch", $"{Batch}", "--length", $"{Length}", "--vocabulary", $"{Vocabulary}"];
}
