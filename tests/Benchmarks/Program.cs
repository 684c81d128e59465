using SparseRobust.Benchmarks;
using SparseRobust.Benchmarks.Engine;

return args switch
{
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["launch"] => await LaunchBenchmark.RunAsync(),
    ["lists"] => await ListsBenchmark.RunAsync(),
    ["reading"] => await ReadingBenchmark.RunAsync(),
    ["padding", .. var presets] => PaddingBenchmark.Run(presets),
    ["tokens"] => await TokensBenchmark.RunAsync(CancellationToken.None),
    ["tokens", var way, var root] => TokensBenchmark.Measure(way, root),
    ["tokenizers"] => await TokenizersBenchmark.RunAsync(CancellationToken.None),
    ["tokenizers", var folder, var texts] => TokenizersBenchmark.Measure(folder, texts),
    ["engine", .. var rest] => await EngineCommand.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Benchmarks -- ingest | launch | lists | reading | padding PRESET... | tokens | tokenizers | engine [--help]");
    return 2;
}
