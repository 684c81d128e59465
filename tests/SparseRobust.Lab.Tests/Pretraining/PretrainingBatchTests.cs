using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Pretraining;

public sealed class PretrainingBatchTests : IDisposable
{
    private static readonly int[] Rows = [3, 0, 7];

    private readonly TemporaryFolder _folder = new();
    private readonly CorpusTokens _corpus;
    private readonly PretrainingExamples _examples;

    public PretrainingBatchTests()
    {
        _corpus = CorpusSamples.Of(_folder, CorpusSamples.Random(40, 13));
        _examples = PretrainingExamples.Of(_corpus, new PretrainingPass(CorpusPart.Train, MaxLength: 24, Seed: 2, Epoch: 0), new MaskingSpec());
    }

    public void Dispose()
    {
        _corpus.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Tensors_hold_the_masked_rows_padded_to_the_longest_or_the_length_asked_for(int padTo)
    {
        using var scope = NewDisposeScope();
        var batch = PretrainingBatch.Of(_examples, Rows, padTo, CPU);
        var masked = new MaskedRows(_examples, Rows);
        var length = padTo > 0 ? padTo : masked.Max(row => row.Length);
        Assert.Equal([3, length], batch.Ids_BL.shape);
        var (ids, types, mask) = (batch.Ids_BL.data<long>().ToArray(), batch.TokenTypes_BL.data<long>().ToArray(), batch.Mask_BL.data<float>().ToArray());
        for (var b = 0; b < Rows.Length; b++)
        {
            var row = new long[length];
            masked.CopyIds(b, row);
            var (tokens, first) = (masked[b].Length, masked[b].FirstSegmentLength);
            Assert.Equal(row, ids[(b * length)..((b + 1) * length)]); // [PAD] is 0
            Assert.Equal(Enumerable.Range(0, length).Select(i => i >= first && i < tokens ? 1L : 0), types[(b * length)..((b + 1) * length)]);
            Assert.Equal(Enumerable.Range(0, length).Select(i => i < tokens ? 1f : 0), mask[(b * length)..((b + 1) * length)]);
        }
        Assert.Equal(masked.Sum(row => row.Length), batch.Tokens);
        Assert.Equal(1 - batch.Tokens / (3.0 * length), batch.PaddingShare, 1e-12);
    }

    [Fact]
    public void Labels_are_the_texts_tokens_at_the_flat_positions()
    {
        using var scope = NewDisposeScope();
        var batch = PretrainingBatch.Of(_examples, Rows, padTo: 24, CPU);
        var text = new long[3 * 24];
        for (var b = 0; b < Rows.Length; b++)
            _examples.CopyIds(Rows[b], text.AsSpan(24 * b, 24));
        var positions = batch.MaskedPositions_M.data<long>().ToArray();
        Assert.Equal(Rows.Sum(row => _examples.Masking.Budget(_examples[row].Length)), positions.Length);
        Assert.Equal(positions.Distinct().Order(), positions);
        Assert.Equal(positions.Select(position => text[position]), batch.MaskedLabels_M.data<long>().ToArray());
        var restored = batch.Ids_BL.data<long>().ToArray();
        foreach (var position in positions)
            restored[position] = text[position];
        Assert.Equal(text, restored);
    }

    [Fact]
    public void Next_sentence_labels_are_those_of_Hugging_Face()
    {
        using var scope = NewDisposeScope();
        var rows = Enumerable.Range(0, _examples.Count).ToArray();
        var labels = PretrainingBatch.Of(_examples, rows, padTo: 0, CPU).NextSentence_B.data<long>().ToArray();
        Assert.Equal(rows.Select(row => CorpusSamples.DocumentOf(_corpus, _examples.Pair(row).First.Start) == CorpusSamples.DocumentOf(_corpus, _examples.Pair(row).Second.Start) ? 0L : 1), labels);
        Assert.Equal([0, 1], labels.Distinct().Order());
    }

    [Fact]
    public void A_batch_with_nothing_to_predict_has_no_positions()
    {
        using var folder = new TemporaryFolder();
        using var corpus = CorpusSamples.Of(folder, "nothing known\n\nnothing else");
        using var scope = NewDisposeScope();
        var examples = PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Train, MaxLength: 24, Seed: 2, Epoch: 0), new MaskingSpec());
        Assert.Equal([0], PretrainingBatch.Of(examples, [0, 1], padTo: 0, CPU).MaskedPositions_M.shape);
    }

    [Fact]
    public void A_batch_leaves_no_tensor_behind()
    {
        var before = SparseRobust.Lab.Runs.Engine.LiveTensors;
        using (NewDisposeScope())
            PretrainingBatch.Of(_examples, Rows, padTo: 0, CPU);
        Assert.Equal(before, SparseRobust.Lab.Runs.Engine.LiveTensors);
    }
}
