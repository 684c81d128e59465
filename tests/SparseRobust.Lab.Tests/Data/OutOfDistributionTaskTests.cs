using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Tests.Data;

/// <summary>The tasks that are judged out of distribution, and their upper bounds.</summary>
public sealed class OutOfDistributionTaskTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public OutOfDistributionTaskTests()
    {
        Write("mnli.jsonl", "mnli/train.jsonl");
        Write("mnli.jsonl", "mnli/dev_matched.jsonl");
        Write("hans.txt", "hans/heuristics_evaluation_set.txt");
        Write("qqp.tsv", "QQP/train.tsv");
        Write("paws.tsv", "paws_wiki/test.tsv");
        _folder.Write("QQP/dev.tsv", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t1\t2\tIs the mill old?\tHow old is the mill?\t0\n");
        _folder.Write("paws_qqp/dev_and_test.tsv", "id\tsentence1\tsentence2\tlabel\n1\tCan a baker also be a porter ?\tCan a porter also be a baker ?\t1\n");
        Write("fever.jsonl", "fever/nli.dev.jsonl");
        Write("symmetric.v1.jsonl", "symmetric_v0.1/fever_symmetric_generated.jsonl");
        Write("symmetric.v2.jsonl", "symmetric_v0.2/fever_symmetric_dev.jsonl");
        _folder.Write("symmetric_v0.2/fever_symmetric_test.jsonl", """{"id": "1", "claim": "The choir sings .", "evidence": "The choir sang .", "gold_label": "SUPPORTS"}""");
        _folder.Write("fever/nli.train.jsonl", """
            {"id": 1, "claim": "The mill burnt down in 1911.", "evidence": "Quite another text.", "gold_label": "SUPPORTS"}
            {"id": 2, "claim": "Bread is baked.", "evidence": "The baker bakes.", "gold_label": "NOT ENOUGH INFO"}
            {"id": 3, "claim": "The pier is long.", "evidence": "The pier is short.", "gold_label": "REFUTES"}
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void QQP_is_judged_on_both_PAWS_and_chosen_by_F1_of_duplicates()
    {
        var task = new QqpPawsTask();
        var data = Load(task);
        Assert.Equal("f1_positive", task.SelectionMetric);
        Assert.Equal(("qqp", 6, "qqp", "dev"), (data.Train.Name, data.Train.Examples.Count, data.Dev.Name, data.Dev.Split));
        Assert.Equal(["paws-qqp dev_and_test", "paws-wiki test"], data.OutOfDistribution.Select(set => $"{set.Dataset.Name} {set.Dataset.Split}"));
        Assert.All(data.OutOfDistribution, set => Assert.Equal([0, 1], set.ModelToDataset));
    }

    [Fact]
    public void FEVER_keeps_three_classes_and_no_claim_of_Symmetric_in_training()
    {
        var data = Load(new FeverSymmetricTask());
        Assert.Equal(["2", "3"], data.Train.Examples.Select(row => row.Id));
        Assert.Equal((1, "fever"), (data.Train.WithheldRows, data.Train.Name));
        Assert.Equal(["fever-symmetric-v1 generated", "fever-symmetric-v2 test"], data.OutOfDistribution.Select(set => $"{set.Dataset.Name} {set.Dataset.Split}"));
        Assert.All(data.OutOfDistribution, set => Assert.Equal([0, 1, 2], set.ModelToDataset));
        Assert.Equal([3, 3, 0], data.OutOfDistribution[0].Dataset.LabelCounts());
    }

    [Fact]
    public void The_upper_bound_of_HANS_trains_its_non_entailment_as_contradiction()
    {
        // Rows of the evaluation set and one of HANS's own.
        _folder.Write("hans/heuristics_train_set.txt", DataFolder.FixtureText("hans.txt")
            + "non-entailment\t( x )\t( y )\t(ROOT x)\t(ROOT y)\tThe singer saw the porter .\tThe porter saw the singer .\tex9\tlexical_overlap\tln_subject/object_swap\ttemp1\n");
        var plain = Load(new MnliHansTask());
        var data = Load(new MnliHansTask { TrainOnOutOfDistribution = true });
        // The made training set and dev set of MNLI are one and the same, so all of it is withheld, and so are the six rows of HANS's evaluation set.
        Assert.Equal(("mnli+hans", 12), (data.Train.Name, data.Train.WithheldRows));
        var added = Assert.Single(data.Train.Examples);
        Assert.Equal(("ex9", LabelSet.ThreeWayNli.Require("contradiction"), "lexical_overlap"), (added.Id, added.Label, added.Slices["heuristic"]));
        Assert.Equal(plain.Dev.Sha256, data.Dev.Sha256);
        Assert.NotEqual(plain.Train.Sha256, data.Train.Sha256);
    }

    [Fact]
    public void The_upper_bound_of_PAWS_adds_what_training_sets_there_are_and_no_evaluated_pair_either_way_round()
    {
        _folder.Write("paws_qqp/train.tsv", "id\tsentence1\tsentence2\tlabel\n7\tIs a mill old ?\tIs the mill a mill ?\t1\n8\tHow old is the mill ?\tIs the mill old ?\t1\n");
        var without = Load(new QqpPawsTask { TrainOnOutOfDistribution = true }).Train;
        Assert.Equal("qqp+paws-qqp", without.Name);
        // Withheld: PAWS-QQP's evaluation pair, which QQP has the other way round, and QQP's dev pair.
        Assert.Equal((6, 2), (without.Examples.Count, without.WithheldRows));
        Assert.DoesNotContain(without.Examples, row => row.FirstText.Contains("also", StringComparison.Ordinal));
        _folder.Write("paws_wiki/train.tsv", "id\tsentence1\tsentence2\tlabel\n1\tThe sea is deep .\tDeep is the sea .\t1\n");
        var with = Load(new QqpPawsTask { TrainOnOutOfDistribution = true }).Train;
        Assert.Equal(("qqp+paws-qqp+paws-wiki", 7), (with.Name, with.Examples.Count));
        Assert.NotEqual(without.Sha256, with.Sha256);
        Assert.Equal(3, with.FurtherSourcePaths.Prepend(with.SourcePath).Count());
    }

    [Fact]
    public void The_upper_bound_of_Symmetric_has_ten_copies_less_what_is_evaluated()
    {
        var data = Load(new FeverSymmetricTask { TrainOnOutOfDistribution = true });
        Assert.Equal("fever+fever-symmetric-v2", data.Train.Name);
        // Two of the six rows stand in version 0.1, too.
        Assert.Equal(3, data.Train.WithheldRows);
        Assert.Equal(2 + (10 * 4), data.Train.Examples.Count);
        Assert.Equal(10, data.Train.Examples.Count(row => row.Id == "602"));
    }

    [Fact]
    public void A_part_of_the_training_set_leaves_what_is_added_whole()
    {
        var data = Load(new FeverSymmetricTask { TrainOnOutOfDistribution = true, TrainRows = 1 });
        Assert.Equal(1 + (10 * 4), data.Train.Examples.Count);
    }

    [Fact]
    public void The_identity_of_a_mixture_follows_from_its_parts_and_their_copies()
    {
        var part = DatasetFixtures.Read("qqp.tsv");
        string Identity(params MixturePart[] parts) => TrainingMixture.Join(part, parts).Sha256;
        string[] all = [Identity(), Identity(MixturePart.SameLabels(part)), Identity(MixturePart.SameLabels(part, 2)), Identity(new MixturePart(part, [1, 0])), Identity(MixturePart.SameLabels(part with { Sha256 = "other" }))];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Identity(MixturePart.SameLabels(part)), Identity(MixturePart.SameLabels(part)));
    }

    [Fact]
    public void An_upper_bound_without_its_training_data_says_what_is_missing()
    {
        var refusal = Assert.Throws<LabException>(() => Load(new QqpPawsTask { TrainOnOutOfDistribution = true }));
        Assert.Equal(ProblemCode.DatasetMissing, refusal.Code);
        Assert.Contains("PAWS-QQP train", refusal.Message, StringComparison.Ordinal);
    }

    private TaskData Load(LabelledTask task) => task.Load(_folder.Folders, CancellationToken.None);

    private void Write(string fixture, string path) => _folder.Write(path, DataFolder.FixtureText(fixture));
}
