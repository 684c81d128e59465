using SparseRobust.Benchmarks;
using SparseRobust.Benchmarks.Engine;

return args switch
{
    ["ingest"] => await IngestBenchmark.RunAsync(),
    ["reading"] => await ReadingBenchmark.RunAsync(),
    ["engine", .. var rest] => await EngineCommand.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("dotnet run -c Release --project tests/Benchmarks -- ingest | reading | engine [--help]");
    return 2;
}
