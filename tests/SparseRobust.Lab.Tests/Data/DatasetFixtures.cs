using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>The small files of every public format, and how each is read.</summary>
internal static class DatasetFixtures
{
    public static IReadOnlyDictionary<string, PublishedSplit> All { get; } = new Dictionary<string, PublishedSplit>
    {
        ["mnli.jsonl"] = Mnli.Train,
        ["mnli.txt"] = Mnli.Train,
        ["mnli.glue.tsv"] = Mnli.DevMismatched,
        ["hans.txt"] = Hans.Train,
        ["qqp.tsv"] = Qqp.Train,
        ["paws.tsv"] = Paws.WikiTest,
        ["paws.bytes.tsv"] = Paws.QqpTrain,
        ["fever.jsonl"] = Fever.Train,
        ["symmetric.v1.jsonl"] = FeverSymmetric.V1Generated,
        ["symmetric.v2.jsonl"] = FeverSymmetric.V2Test,
        ["fm2.jsonl"] = FoolMeTwice.Dev,
        ["cola.tsv"] = Glue.Cola.Train,
        ["sst2.tsv"] = Glue.Sst2.Train,
        ["mrpc.tsv"] = Glue.Mrpc.Train,
        ["stsb.tsv"] = Glue.Stsb.Train,
        ["qnli.tsv"] = Glue.Qnli.Dev,
        ["rte.tsv"] = Glue.Rte.Train,
        ["wnli.tsv"] = Glue.Wnli.Train,
        ["ax.tsv"] = Glue.Diagnostics,
    };

    /// <summary>Reads one of them.</summary>
    public static Dataset Read(string fixture) => All[fixture].Read(Fixture.Path("datasets", fixture), CancellationToken.None);
}
