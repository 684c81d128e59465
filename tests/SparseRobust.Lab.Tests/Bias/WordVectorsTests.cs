using SparseRobust.Lab.Bias;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tests.Data;
using SparseRobust.Lab.Tests.Serving;

namespace SparseRobust.Lab.Tests.Bias;

public sealed class WordVectorsTests : IDisposable
{
    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_vec_file_gives_unit_vectors_in_own_case_then_in_lower_case(bool gzip)
    {
        var path = _data.Write("a.vec", "4 2\nCat 3 4\ncat 0 2\nice cream 1 0 \ndog -1 0\n", gzip);
        var vectors = new FastTextVectors { Path = path }.Load(Find(path), ["Cat CAT ice Dog"], CancellationToken.None)!;
        Assert.Equal([0.6f, 0.8f], vectors.Of("Cat").ToArray());
        Assert.Equal([0f, 1f], vectors.Of("CAT").ToArray());
        Assert.Equal([-1f, 0f], vectors.Of("Dog").ToArray());
        Assert.True(vectors.Of("ice").IsEmpty);
        Assert.Equal(0.75, vectors.Coverage(["Cat CAT", null, "ice Dog"]));
    }

    [Fact]
    public void A_word_that_was_not_loaded_for_is_a_mistake_of_the_caller()
    {
        var path = _data.Write("a.vec", "1 2\ncat 3 4\n");
        var vectors = new FastTextVectors { Path = path }.Load(Find(path), ["cat"], CancellationToken.None)!;
        Assert.Throws<ArgumentException>(() => vectors.Of("dog").ToArray());
    }

    [Theory]
    [InlineData("", "first line")]
    [InlineData("cat 3 4\n", "first line")]
    [InlineData("2 2\ncat 3 4\n", "promises 2 words, and there are 1")]
    [InlineData("1 2\ncat 3 4\ndog 1 1\n", "there are more")]
    [InlineData("1 3\ncat 3 4\n", "line 2 has fewer than 3")]
    [InlineData("1 2\ncat 3 x\n", "line 2 holds \"x\"")]
    [InlineData("1 2\ncat 3 NaN\n", "not finite")]
    public void A_broken_vec_file_is_refused_with_its_line(string content, string reason)
    {
        var path = _data.Write("a.vec", content);
        var fault = Assert.Throws<LabException>(() => new FastTextVectors { Path = path }.Load(Find(path), ["cat"], CancellationToken.None));
        Assert.Equal(ProblemCode.ArtifactCorrupt, fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embeddings_are_the_mean_of_a_words_pieces()
    {
        using var model = new TinyModelFolder();
        var source = Find(model.Path);
        var vectors = new EmbeddingVectors { Path = model.Path }.Load(source, ["w5 W6 w99"], CancellationToken.None)!;
        using var weights = Lab.Checkpoints.SafetensorsFile.Open(model.File("model.safetensors"));
        var row = new byte[vectors.Dimension * sizeof(float)];
        weights.Read(weights["bert.embeddings.word_embeddings.weight"], 6L * row.Length, row);
        float[] expected = [.. Enumerable.Range(0, vectors.Dimension).Select(i => BitConverter.ToSingle(row, i * sizeof(float)))];
        var norm = Math.Sqrt(expected.Sum(x => (double)x * x));
        Assert.Equal(expected.Select(x => (float)(x / norm)), vectors.Of("W6").ToArray());
        Assert.True(vectors.Of("w99").IsEmpty);
        Assert.Equal(1, WordVectors.Cosine(vectors.Of("w5"), vectors.Of("w5")), 1e-6);
        Assert.Equal(2 / 3.0, vectors.Coverage(["w5 W6 w99"]));
    }

    [Fact]
    public void The_identity_of_a_model_folder_follows_its_files()
    {
        using var model = new TinyModelFolder();
        var (before, files) = (Find(model.Path).Sha256, Find(model.Path).Files);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json"], files.Select(file => Path.GetFileName(file)));
        File.AppendAllText(model.File("vocab.txt"), "more\n");
        Assert.NotEqual(before, Find(model.Path).Sha256);
    }

    [Fact]
    public void A_file_that_is_not_there_is_missing() =>
        Assert.Equal(ProblemCode.DatasetMissing, Assert.Throws<LabException>(() => Find("nowhere.vec")).Code);

    private BiasSource Find(string path) => BiasSource.Find(_data.Folders, path);
}
