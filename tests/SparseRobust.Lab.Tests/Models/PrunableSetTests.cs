using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Models;

public sealed class PrunableSetTests
{
    private static readonly PrunableSet[] Sets = [PrunableSet.SrNets, PrunableSet.SrNetsWithClassifier, PrunableSet.Lottery, PrunableSet.ReweightedProximal];

    /// <summary>Which sets a model has of how many tensors; their number does not depend on the width.</summary>
    public static TheoryData<TransformerSpec, int[]> Published => new()
    {
        { new BertSpec { NumHiddenLayers = 12, HiddenSize = 4, IntermediateSize = 4 }, [73, 74, 132, 72] },
        { new BertSpec { NumHiddenLayers = 24, HiddenSize = 4, IntermediateSize = 4 }, [145, 146, 264, 144] },
        { new RobertaSpec { NumHiddenLayers = 12, HiddenSize = 4, IntermediateSize = 4 }, [72, 74, 132, 72] },
    };

    public static TheoryData<TransformerSpec> Specs => [TinyBert.Spec, TinyRoberta.Spec];

    [Theory]
    [MemberData(nameof(Published))]
    public void A_set_has_the_published_number_of_tensors(TransformerSpec spec, int[] counts)
    {
        using var model = spec.Build(9, 2);
        var prunable = new PrunableModel(model);
        Assert.Equal(counts, Sets.Select(set => prunable.Entries(set).Count()));
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Entries_are_the_models_parameters_of_that_name(TransformerSpec spec)
    {
        using var model = spec.Build(9, 2);
        var parameters = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (var entry in Sets.SelectMany(new PrunableModel(model).Entries))
            Assert.Same(parameters[entry.Name], entry.Parameter);
    }

    [Fact]
    public void The_lottery_lets_biases_go_but_that_of_a_layers_last_matrix()
    {
        using var model = TinyRoberta.Create();
        string[] parts = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense"];
        Assert.Equal(
            Enumerable.Range(0, 2).SelectMany(layer => parts.SelectMany(part => new[] { $"{part}.weight", $"{part}.bias" }).Append("output.dense.weight").Select(name => $"roberta.encoder.layer.{layer}.{name}")),
            new PrunableModel(model).Entries(PrunableSet.Lottery).Select(entry => entry.Name));
    }

    [Fact]
    public void What_lies_outside_the_encoder_is_the_pooler_or_RoBERTas_first_matrix_and_the_classifier()
    {
        using var bert = TinyBert.Create();
        using var roberta = TinyRoberta.Create();
        Assert.Equal(["bert.pooler.dense.weight"], Outside(bert, PrunableSet.SrNets));
        Assert.Equal(["bert.pooler.dense.weight", "classifier.weight"], Outside(bert, PrunableSet.SrNetsWithClassifier));
        Assert.Empty(Outside(roberta, PrunableSet.SrNets));
        Assert.Equal(["classifier.dense.weight", "classifier.out_proj.weight"], Outside(roberta, PrunableSet.SrNetsWithClassifier));
        foreach (var set in new[] { PrunableSet.Lottery, PrunableSet.ReweightedProximal })
            Assert.Empty(Outside(bert, set).Concat(Outside(roberta, set)));
    }

    [Fact]
    public void A_model_without_an_encoder_has_none()
    {
        using var model = new CbowSpec { EmbeddingSize = 4, HiddenSize = 4 }.Build(9, 2);
        Assert.All(Sets, set => Assert.Empty(new PrunableModel(model).Entries(set)));
    }

    [Fact]
    public void Magnitude_pruning_leaves_RoBERTas_head_dense()
    {
        using var model = TinyRoberta.Create();
        using var method = Begun(model, new MagnitudeSpec { Sparsity = 0.5 });
        Assert.Equal(12, method.Masks(new PrunableModel(model)).Matrices.Count);
        Assert.Null(model.Classifier.Dense.Mask ?? model.Classifier.OutProj.Mask);
    }

    [Fact]
    public void Mask_training_masks_both_of_RoBERTas_head_matrices_and_reports_the_encoders_sparsity()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyRoberta.Create();
        using var method = Begun(model, new MaskTrainingSpec { Sparsity = 0.7 });
        method.BeforeEvaluation(new PrunableModel(model), new Step(1, new Budget(1, 1)));
        MaskFile.Save(folder.File("masks"), method.Masks(new PrunableModel(model)));
        var masks = MaskFile.Load(folder.File("masks"));
        Assert.Equal([MatrixKind.ClassifierDense, MatrixKind.Classifier], masks.Matrices.Where(matrix => matrix.Id.IsHead).Select(matrix => matrix.Id.Kind).Order());
        Assert.Equal(masks.EncoderSparsity, masks.EncoderAndPoolerSparsity);
        Assert.NotEqual(masks.EncoderSparsity, masks.MaskedSparsity);
    }

    private static IEnumerable<string> Outside(TextClassifier model, PrunableSet set) => new PrunableModel(model).Entries(set).Where(entry => !entry.Id.IsEncoder).Select(entry => entry.Name);

    private static PruningMethod Begun(TextClassifier model, PruningSpec spec)
    {
        var method = spec.Build(1);
        method.Begin(new PrunableModel(model), new Budget(1, 1));
        return method;
    }
}
