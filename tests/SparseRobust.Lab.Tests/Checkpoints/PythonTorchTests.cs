using System.Text.Json;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Runs;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Checkpoints;

public sealed class PythonTorchTests : IDisposable
{
    // Of the reference: three inputs of 8 tokens, padded.
    private static readonly long[] Ids = [2, 5, 6, 3, 7, 8, 9, 3, 2, 10, 3, 11, 3, 0, 0, 0, 2, 3, 3, 0, 0, 0, 0, 0];
    private static readonly long[] Types = [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];

    private readonly TemporaryFolder _folder = new();

    [PythonTorchFact]
    public void What_the_pytorch_of_this_machine_saves_is_read()
    {
        Python("make_torch_files.py", _folder.Path);
        var cases = JsonDocument.Parse(File.ReadAllBytes(_folder.File("torch_files.json"))).RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.Equal(TorchFiles.Names, cases.Select(@case => @case.GetProperty("name").GetString()!));
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            using var file = TorchFile.Open(_folder.File(@case.GetProperty("name").GetString() + ".bin"));
            foreach (var tensor in @case.GetProperty("tensors").EnumerateObject())
                Assert.Equal(tensor.Value.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()), file.Read(tensor.Name).to_type(ScalarType.Float64).data<double>().ToArray());
        }
    }

    [PythonTorchFact]
    public void A_model_that_pytorch_wrote_gives_pytorchs_logits()
    {
        var due = Logits(Python("bert_reference.py", "write", _folder.Path));
        using var model = ModelFolder.Load(_folder.Path, CPU);
        Equal(due, model);
    }

    [PythonTorchFact]
    public void A_body_that_pytorch_wrote_gives_pytorchs_logits_under_its_head()
    {
        var due = Logits(Python("bert_reference.py", "write", _folder.Path));
        using var whole = ModelFolder.Load(_folder.Path, CPU);
        var config = ModelFolder.ReadBody(_folder.Path);
        using var model = (BertForSequenceClassification)config.Spec.Build(config.VocabSize, 3);
        ModelFolder.LoadBody(_folder.Path, model);
        using (no_grad())
        {
            model.Classifier.Weight.copy_(((BertForSequenceClassification)whole).Classifier.Weight);
            model.Classifier.Bias.copy_(((BertForSequenceClassification)whole).Classifier.Bias);
        }
        Equal(due, model);
    }

    [PythonTorchFact]
    public void A_model_of_ours_has_the_same_bytes_and_logits_in_pytorch()
    {
        using var model = TinyBert.Create();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16 })
        {
            using var scope = NewDisposeScope();
            ModelFolder.Save(_folder.Path, model, LabelSet.ThreeWayNli, TinyWeights.Words, dtype);
            using var answer = Python("bert_reference.py", "read", _folder.Path);
            var hashes = answer.RootElement.GetProperty("sha256").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString());
            Assert.Equal(hashes, model.named_parameters().ToDictionary(entry => entry.name, entry => (string?)ContentHash.Of(entry.parameter.detach().to_type(dtype).bytes)));
            Assert.Equal(dtype.ToString().ToLowerInvariant(), answer.RootElement.GetProperty("dtype").GetString());
            using var loaded = ModelFolder.Load(_folder.Path, CPU);
            Equal(Logits(answer), loaded);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static JsonDocument Python(string script, params string[] arguments)
    {
        var (exit, output, errors) = PythonTorchFactAttribute.Run([RepositoryFiles.Fixture("checkpoints", script), .. arguments]);
        Assert.True(exit == 0, errors);
        return JsonDocument.Parse(output.Length > 0 ? output : "{}");
    }

    private static float[] Logits(JsonDocument answer) => [.. answer.RootElement.GetProperty("logits").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetSingle())];

    private static void Equal(float[] due, TextClassifier model)
    {
        using var scope = NewDisposeScope();
        model.eval();
        var mask = tensor(Ids, [3, 8]).gt(0).to_type(ScalarType.Float32);
        var logits = model.forward(tensor(Ids, [3, 8]), tensor(Types, [3, 8]), mask).data<float>().ToArray();
        Assert.Equal(due.Length, logits.Length);
        for (var i = 0; i < due.Length; i++)
            Assert.Equal(due[i], logits[i], 1e-5f);
        Assert.True(due.Max() - due.Min() > 0.1);
    }
}
