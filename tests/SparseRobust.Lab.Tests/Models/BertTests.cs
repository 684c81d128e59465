using System.Text.Json;
using SparseRobust.Lab.Checkpoints;

namespace SparseRobust.Lab.Tests.Models;

public class BertTests
{
    [Fact]
    public void Logits_equal_those_of_an_independent_implementation()
    {
        using var scope = NewDisposeScope();
        using var expected = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.Fixture("bert", "expected.json")));
        var root = expected.RootElement;
        long[] shape = Numbers(root, "shape");
        using var model = ModelFolder.Load(RepositoryFiles.Fixture("bert"), CPU);
        model.eval();
        var logits = model.forward(
            tensor(Numbers(root, "ids"), shape), tensor(Numbers(root, "token_types"), shape), tensor(Numbers(root, "mask"), shape).to_type(ScalarType.Float32));
        var golden = root.GetProperty("logits").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var ours = logits.data<float>().ToArray();
        Assert.Equal(golden.Length, ours.Length);
        for (var i = 0; i < golden.Length; i++)
            Assert.Equal(golden[i], ours[i], (float)root.GetProperty("tolerance").GetDouble());
    }

    [Fact]
    public void Logits_equal_those_of_plain_loops()
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Create();
        TextRows.Randomise(model);
        model.eval();
        var plain = new PlainTransformer(model, TinyBert.Spec);
        var (ids, types, mask) = TextRows.Padded(TextRows.Unlike, padding: 0);
        foreach (var (row, actual) in TextRows.Unlike.Zip(model.forward(ids, types, mask).data<float>().ToArray().Chunk(3)))
            Assert.Equal(plain.PooledLogits(row, TextRows.Types(row)), actual.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 2e-5);
    }

    [Fact]
    public void Parameters_have_Hugging_Faces_names()
    {
        using var model = TinyBert.Create();
        Assert.Equal(HuggingFaceNames.Of("bert", 2, "bert.pooler.dense", "classifier").Order(StringComparer.Ordinal), model.named_parameters().Select(entry => entry.name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Padding_does_not_change_the_logits()
    {
        using var scope = NewDisposeScope();
        using var model = TinyBert.Create();
        model.eval();
        long[] ids = [2, 5, 6, 3];
        var plain = model.forward(tensor(ids, [1, 4]), zeros([1, 4], ScalarType.Int64), ones([1, 4]));
        var padded = model.forward(tensor([.. ids, 0, 0], [1, 6]), zeros([1, 6], ScalarType.Int64), tensor(new float[] { 1, 1, 1, 1, 0, 0 }, [1, 6]));
        Assert.Equal(plain.data<float>().ToArray(), padded.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var first = TinyBert.Create(seed: 1);
        using var again = TinyBert.Create(seed: 1);
        using var other = TinyBert.Create(seed: 2);
        foreach (var model in new[] { first, again, other })
            model.eval();
        Assert.Equal(TinyBert.Logits(first), TinyBert.Logits(again));
        Assert.NotEqual(TinyBert.Logits(first), TinyBert.Logits(other));
    }

    private static long[] Numbers(JsonElement root, string name) => [.. root.GetProperty(name).EnumerateArray().Select(value => value.GetInt64())];
}
