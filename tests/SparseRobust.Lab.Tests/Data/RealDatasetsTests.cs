using System.Globalization;
using SparseRobust.Lab.Data;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>The public files as they are: rows and labels as published, or as counted by other means in the parts that were made for tests.</summary>
public sealed class RealDatasetsTests
{
    // Labels in the order of the class ids; provenance of the counts: read with Python's csv and json, not with this reader.
    private static readonly (PublishedSplit Split, int[] Labels)[] Counts =
    [
        (Mnli.Train, [7_500, 7_482, 7_578]), (Mnli.DevMatched, [3_213, 3_479, 3_123]), (Hans.Evaluation, [15_000, 15_000]), (Hans.Train, [15_000, 15_000]),
        (Qqp.Train, [19_142, 13_114]), (Qqp.Dev, [5_000, 5_000]),
        (Paws.QqpTrain, [8_212, 3_776]), (Paws.QqpDevAndTest, [486, 191]), (Paws.WikiDev, [4_461, 3_539]), (Paws.WikiTest, [4_464, 3_536]),
        (Fever.Train, [5_893, 5_861, 0]), (Fever.Dev, [504, 502, 0]),
        (FeverSymmetric.V1Generated, [379, 338, 0]), (FeverSymmetric.V1Full, [478, 478, 0]), (FeverSymmetric.V2Dev, [354, 354, 0]), (FeverSymmetric.V2Test, [356, 356, 0]),
        (FoolMeTwice.Dev, [596, 573, 0]), (FoolMeTwice.Test, [681, 699, 0]),
        (Glue.Cola.Train, [2_528, 6_023]), (Glue.Cola.Dev, [322, 721]), (Glue.Sst2.Train, [29_780, 37_569]), (Glue.Sst2.Dev, [428, 444]),
        (Glue.Mrpc.Train, [1_194, 2_474]), (Glue.Mrpc.Dev, [129, 279]), (Glue.Stsb.Train, [5_749]), (Glue.Stsb.Dev, [1_500]), (Glue.Qnli.Dev, [2_761, 2_702]),
        (Glue.Rte.Train, [1_241, 1_249]), (Glue.Rte.Dev, [131, 146]), (Glue.Wnli.Train, [323, 312]), (Glue.Wnli.Dev, [40, 31]), (Glue.Diagnostics, [258, 460, 386]),
    ];

    [DataFact]
    public void Rows_and_labels_are_as_counted()
    {
        var checkedSplits = 0;
        foreach (var (split, labels) in Counts)
        {
            if (split.LoadIfThere(DatasetFolders.FromEnvironment([]), CancellationToken.None) is not { } data)
                continue;
            checkedSplits++;
            Assert.All(data.BrokenRows, row => Assert.Contains("columns", row.Reason, StringComparison.Ordinal));
            // Whoever has the whole set instead of the part has another number of rows, which is then the published one but for broken rows.
            if (data.Examples.Count != labels.Sum())
                Assert.InRange(data.Examples.Count, split.PublishedRows - 30, split.PublishedRows);
            else
                Assert.Equal($"{split.Title}: {string.Join(' ', labels)}", $"{split.Title}: {string.Join(' ', data.LabelCounts())}");
        }
        Assert.NotEqual(0, checkedSplits);
    }

    [DataFact]
    public void STS_B_has_the_mean_it_is_known_for()
    {
        // "When BERT Plays the Lottery", the authors' frequency baseline: mean 2.3639, deviation 1.5000 on the dev set.
        var targets = Glue.Stsb.Dev.Load(DatasetFolders.FromEnvironment([]), CancellationToken.None).Examples.Select(row => (double)row.Target!.Value).ToList();
        Assert.Equal("2.3639", targets.Average().ToString("F4", CultureInfo.InvariantCulture));
        Assert.Equal("1.5000", Math.Sqrt(targets.Average(target => Math.Pow(target - targets.Average(), 2))).ToString("F4", CultureInfo.InvariantCulture));
    }

    [DataFact]
    public void No_bracket_escape_is_left_in_any_set_of_claims()
    {
        foreach (var split in new[] { Fever.Train, Fever.Dev, FeverSymmetric.V1Generated, FeverSymmetric.V2Dev, FeverSymmetric.V2Test, FoolMeTwice.Dev })
            Assert.DoesNotContain(
                split.Load(DatasetFolders.FromEnvironment([]), CancellationToken.None).Examples,
                row => $"{row.FirstText} {row.SecondText}".Contains("RB-", StringComparison.Ordinal));
    }

    [DataFact]
    public void Upper_bounds_train_on_no_row_that_is_evaluated()
    {
        var folders = DatasetFolders.FromEnvironment([]);
        var fever = new FeverSymmetricTask { TrainOnOutOfDistribution = true }.Load(folders, CancellationToken.None);
        var paws = new QqpPawsTask { TrainOnOutOfDistribution = true }.Load(folders, CancellationToken.None);
        var hans = new MnliHansTask { TrainOnOutOfDistribution = true }.Load(folders, CancellationToken.None);
        foreach (var (data, keyOf) in new (TaskData, Func<Example, string>)[] { (fever, RowKey.Pair), (paws, RowKey.PairInAnyOrder), (hans, RowKey.Pair) })
        {
            var evaluated = data.OutOfDistribution.SelectMany(set => set.Dataset.Examples).Concat(data.Dev.Examples).Select(keyOf).ToHashSet();
            Assert.DoesNotContain(data.Train.Examples, row => evaluated.Contains(keyOf(row)));
        }
        // Half of Symmetric v2's dev set stands in v1; three of these rows stand in v2's test set, too.
        Assert.Equal(354, fever.Train.WithheldRows);
        Assert.InRange(paws.Train.WithheldRows, 97, 130);
    }
}
