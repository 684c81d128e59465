using SparseRobust.Torch.Tests.Fused;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Optim;

/// <summary>An embedding's sparse gradient against the dense one. Rows of 300 do not divide the chunks that AdamW works in.</summary>
public sealed class RowGradientTests
{
    private const int Rows = 500;
    private const int Width = 300;

    // The first and the last row, neighbours, and rows that occur several times.
    private static readonly long[][] Batches = [[0, 7, 8, 7, 499], [7, 3, 250, 251, 252, 250], [0, 0, 0]];

    private static (float[] Weights, double Norm) Train(bool sparse, bool clip, ScalarType type = ScalarType.Float32, int threads = 1)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var scope = NewDisposeScope();
            manual_seed(5);
            var table = nn.Parameter(randn([Rows, Width]).to_type(type));
            using var optimizer = optim.AdamW([table], lr: 0.01, weight_decay: 0.1);
            var norm = 0.0;
            foreach (var batch in Batches)
            {
                var ids = tensor(batch);
                // Whole numbers as gradients: sums over repeated rows are exact in any order.
                var upstream = (randint(17, new long[] { batch.Length, Width }) - 8).to_type(type);
                (nn.functional.embedding(ids, table, sparse: sparse) * upstream).sum().backward();
                using var gradient = table.grad!;
                Assert.Equal(sparse, gradient.is_sparse);
                if (clip)
                    norm = nn.utils.clip_grad_norm_([table], 1);
                optimizer.step();
                optimizer.zero_grad();
            }
            return (table.detach().to_type(ScalarType.Float32).reshape(-1).data<float>().ToArray(), norm);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void AdamW_moves_every_row_as_with_a_dense_gradient(ScalarType type) =>
        Assert.Equal(Train(sparse: false, clip: false, type).Weights, Train(sparse: true, clip: false, type).Weights);

    [Fact]
    public void Clipping_sees_the_norm_of_the_dense_gradient_and_scales_to_the_limit()
    {
        var (dense, sparse) = (Train(sparse: false, clip: true), Train(sparse: true, clip: true));
        Assert.Equal(dense.Norm, sparse.Norm, dense.Norm * 1e-12);
        Assert.True(dense.Norm > 1);
        // One rounding of the factor apart.
        Assert.All(dense.Weights.Zip(sparse.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Threads_and_instruction_sets_change_no_bit()
    {
        var runs = new[] { 1, 3 }.SelectMany(threads => CpuCapability.Each(() => Train(sparse: true, clip: true, threads: threads).Weights).ToList()).ToList();
        Assert.All(runs, run => Assert.Equal(runs[0].Result, run.Result));
    }

    [Fact]
    public void A_table_looked_up_by_nothing_still_decays()
    {
        using var scope = NewDisposeScope();
        var table = nn.Parameter(ones([4, 3]));
        using var optimizer = optim.AdamW([table], lr: 0.5, weight_decay: 0.1);
        nn.functional.embedding(zeros([0], ScalarType.Int64), table, sparse: true).sum().backward();
        Assert.Equal(0, nn.utils.clip_grad_norm_([table], 1));
        optimizer.step();
        Assert.All(table.detach().reshape(-1).data<float>().ToArray(), weight => Assert.Equal(0.95f, weight));
    }

    [Fact]
    public void Sparse_and_dense_use_of_one_table_add_up()
    {
        using var scope = NewDisposeScope();
        var table = nn.Parameter(zeros([3, 2]));
        using var optimizer = optim.AdamW([table], lr: 1, weight_decay: 0);
        (nn.functional.embedding(tensor(new long[] { 1 }), table, sparse: true).sum() + table.sum()).backward();
        using var gradient = table.grad!;
        Assert.False(gradient.is_sparse);
        Assert.Equal([1f, 1, 2, 2, 1, 1], gradient.reshape(-1).data<float>().ToArray());
        optimizer.step();
    }

    [Fact]
    public void The_module_gives_a_sparse_gradient_when_asked()
    {
        using var scope = NewDisposeScope();
        var module = nn.Embedding(5, 2, sparse: true);
        module.forward(tensor(new long[] { 4, 1 })).sum().backward();
        using var gradient = module.weight.grad!;
        Assert.True(gradient.is_sparse);
        Assert.Equal([0f, 0, 1, 1, 0, 0, 0, 0, 1, 1], gradient.to_dense().reshape(-1).data<float>().ToArray());
    }
}
