using SparseRobust.Benchmarks;

return args switch
{
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["reading"] => await ReadingBenchmark.RunAsync(),
    ["padding", .. var presets] => PaddingBenchmark.Run(presets),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Benchmarks -- ingest | reading | padding PRESET...");
    return 2;
}
