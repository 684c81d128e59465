using System.Text.Json;
using SparseRobust.Torch.Modules;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Modules;

public sealed class AdamWTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Steps_equal_pytorch(int index)
    {
        using var scope = NewDisposeScope();
        var record = Golden.Root.GetProperty("adamw")[index];
        var parameters = Parameters(record);
        using var optimizer = Make(parameters, record.GetProperty("options"));
        for (var step = 0; step < 4; step++)
        {
            Feed(parameters, record, step);
            optimizer.step();
            for (var i = 0; i < parameters.Length; i++)
                Golden.Near(record.GetProperty("end")[step][i], parameters[i]);
        }
        var state = Assert.IsType<AdamW.State>(optimizer.state_dict().State[0]);
        Assert.Equal(4, state.step);
        Golden.Near(record.GetProperty("exp_avg"), state.exp_avg);
        Golden.Near(record.GetProperty("exp_avg_sq"), state.exp_avg_sq);
    }

    [Fact]
    public void A_restored_state_goes_on_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        var record = Golden.Root.GetProperty("adamw")[0];
        var one = Parameters(record);
        using var first = Make(one, record.GetProperty("options"));
        Run(one, first, record, 0, 2);
        var two = one.Select(p => new Parameter(p.detach().clone())).ToArray();
        using var second = Make(two, record.GetProperty("options"));
        second.load_state_dict(first.state_dict());
        Run(one, first, record, 2, 4);
        Run(two, second, record, 2, 4);
        Assert.All(one.Zip(two), pair => Assert.True(pair.First.equal(pair.Second)));
    }

    [Fact]
    public void Composed_path_agrees_with_the_one_pass_kernel()
    {
        using var scope = NewDisposeScope();
        var record = Golden.Root.GetProperty("adamw")[0];
        var single = Parameters(record);
        var wide = single.Select(p => new Parameter(p.detach().to(float64))).ToArray();
        using var first = Make(single, record.GetProperty("options"));
        using var second = Make(wide, record.GetProperty("options"));
        Run(single, first, record, 0, 4);
        for (var step = 0; step < 4; step++)
        {
            for (var i = 0; i < 2; i++)
                wide[i].grad = record.GetProperty("grads")[step][i].ToTensor().to(float64);
            second.step();
        }
        Assert.All(single.Zip(wide), pair => Assert.True(pair.First.to(float64).allclose(pair.Second, 1e-5, 1e-6)));
    }

    [Fact]
    public void A_result_does_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        var results = new List<Tensor>();
        foreach (var count in new[] { 1, 2 })
        {
            set_num_threads(count);
            manual_seed(5);
            var parameter = new Parameter(randn([3, 100_001]));
            using var optimizer = optim.AdamW([parameter], weight_decay: 0.1);
            parameter.grad = randn([3, 100_001]);
            nn.utils.clip_grad_norm_([parameter], 1.0);
            optimizer.step();
            results.Add(parameter.detach());
        }
        set_num_threads(threads);
        Assert.True(results[0].equal(results[1]));
    }

    [Fact]
    public void Groups_keep_their_own_options_and_learning_rates()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(ones([2]));
        var b = new Parameter(ones([2]));
        using var optimizer = optim.AdamW(
            [new AdamW.ParamGroup([a], new AdamW.Options { weight_decay = 0 }), new AdamW.ParamGroup([b], new AdamW.Options { weight_decay = 0.5 })],
            lr: 0.1);
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = 0.2;
        (a.grad, b.grad) = (zeros([2]), zeros([2]));
        optimizer.step();
        Golden.Near([1, 1], a);
        Golden.Near([0.9f, 0.9f], b);
        optimizer.zero_grad();
        Assert.Null(a.grad);
    }

    [Fact]
    public void Clipping_equals_pytorch()
    {
        using var scope = NewDisposeScope();
        var record = Golden.Root.GetProperty("clip");
        var parameters = record.GetProperty("before").EnumerateArray().Select(g => new Parameter(zeros_like(g.ToTensor()))).ToArray();
        for (var i = 0; i < parameters.Length; i++)
            parameters[i].grad = record.GetProperty("before")[i].ToTensor();
        var norm = nn.utils.clip_grad_norm_(parameters, 1.0);
        Assert.Equal(record.GetProperty("norm").GetDouble(), norm, 1e-5);
        for (var i = 0; i < parameters.Length; i++)
            Golden.Near(record.GetProperty("after")[i], parameters[i].grad!);
    }

    private static Parameter[] Parameters(JsonElement record) =>
        record.GetProperty("start").EnumerateArray().Select(p => new Parameter(p.ToTensor())).ToArray();

    private static void Feed(Parameter[] parameters, JsonElement record, int step)
    {
        for (var i = 0; i < 2; i++)
            parameters[i].grad = record.GetProperty("grads")[step][i].ToTensor();
    }

    private static void Run(Parameter[] parameters, AdamW optimizer, JsonElement record, int from, int to)
    {
        for (var step = from; step < to; step++)
        {
            Feed(parameters, record, step);
            optimizer.step();
        }
    }

    private static AdamW Make(Parameter[] parameters, JsonElement options)
    {
        double Get(string name, double otherwise) => options.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        bool Has(string name) => options.TryGetProperty(name, out var value) && value.GetBoolean();
        var betas = options.TryGetProperty("betas", out var pair) ? (pair[0].GetDouble(), pair[1].GetDouble()) : (0.9, 0.999);
        return optim.AdamW(
            parameters, Get("lr", 1e-3), betas.Item1, betas.Item2, Get("eps", 1e-8), Get("weight_decay", 0), Has("amsgrad"), Has("maximize"));
    }
}
