using SparseRobust.Lab.Models;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Tests.Models;

/// <summary>BERT and RoBERTa for one row without padding, in loops over doubles: what the fast ones are compared with.</summary>
internal sealed class PlainTransformer(nn.Module model, TransformerSpec spec)
{
    private readonly Dictionary<string, (double[] Values, long[] Shape)> _weights = model.named_parameters()
        .ToDictionary(entry => entry.name, entry => (entry.parameter.data<float>().ToArray().Select(value => (double)value).ToArray(), entry.parameter.shape));

    /// <summary>The logits of each token before a head of one linear layer.</summary>
    public double[][] TokenLogits(long[] ids, long[] types, string head) => [.. Hidden(ids, types).Select(state => Linear(state, head))];

    /// <summary>Of BERT's classifier.</summary>
    public double[] PooledLogits(long[] ids, long[] types) => Linear(Tanh(Linear(Hidden(ids, types)[0], "bert.pooler.dense")), "classifier");

    /// <summary>Of RoBERTa's classifier.</summary>
    public double[] FirstTokenLogits(long[] ids) => Linear(Tanh(Linear(Hidden(ids, new long[ids.Length])[0], "classifier.dense")), "classifier.out_proj");

    private double[][] Hidden(long[] ids, long[] types)
    {
        var firstPosition = spec is RobertaSpec roberta ? roberta.PadTokenId + 1 : 0;
        var tables = $"{spec.Prefix}.embeddings";
        double[][] states = [.. ids.Select((id, i) => Norm(
            Sum(Row($"{tables}.word_embeddings", id), Row($"{tables}.position_embeddings", firstPosition + i), Row($"{tables}.token_type_embeddings", types[i])),
            $"{tables}.LayerNorm"))];
        for (var layer = 0; layer < spec.NumHiddenLayers; layer++)
            states = Layer(states, $"{spec.Prefix}.encoder.layer.{layer}");
        return states;
    }

    private double[][] Layer(double[][] states, string name)
    {
        var contexts = Attention(states, $"{name}.attention.self");
        return [.. states.Select((state, i) =>
        {
            var attended = Norm(Sum(Linear(contexts[i], $"{name}.attention.output.dense"), state), $"{name}.attention.output.LayerNorm");
            var inner = Linear(attended, $"{name}.intermediate.dense").Select(Gelu).ToArray();
            return Norm(Sum(Linear(inner, $"{name}.output.dense"), attended), $"{name}.output.LayerNorm");
        })];
    }

    private double[][] Attention(double[][] states, string name)
    {
        double[][] Project(string kind) => [.. states.Select(state => Linear(state, $"{name}.{kind}"))];
        var (queries, keys, values) = (Project("query"), Project("key"), Project("value"));
        var width = spec.HiddenSize / spec.NumAttentionHeads;
        var contexts = states.Select(state => new double[state.Length]).ToArray();
        for (var head = 0; head < spec.NumAttentionHeads; head++)
            for (var i = 0; i < states.Length; i++)
            {
                var part = Enumerable.Range(head * width, width).ToArray();
                var weights = keys.Select(key => Math.Exp(part.Sum(c => queries[i][c] * key[c]) / Math.Sqrt(width))).ToArray();
                foreach (var c in part)
                    contexts[i][c] = values.Select((value, j) => weights[j] * value[c]).Sum() / weights.Sum();
            }
        return contexts;
    }

    private double[] Linear(double[] x, string name)
    {
        var (bias, rows) = (_weights[$"{name}.bias"].Values, _weights[$"{name}.weight"].Values.Chunk(x.Length));
        return [.. rows.Select((row, i) => bias[i] + row.Select((weight, c) => weight * x[c]).Sum())];
    }

    private double[] Norm(double[] x, string name)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + spec.LayerNormEps);
        return [.. x.Select((value, c) => (value - mean) / deviation * _weights[$"{name}.weight"].Values[c] + _weights[$"{name}.bias"].Values[c])];
    }

    private double[] Row(string table, long row)
    {
        var (values, shape) = _weights[$"{table}.weight"];
        return values[(int)(row * shape[1])..(int)((row + 1) * shape[1])];
    }

    // erf(z) = 1 - Q(1/2, z^2) for z >= 0.
    private static double Gelu(double x) => x * 0.5 * (1 + Math.Sign(x) * (1 - GammaFunctions.RegularizedUpperGamma(0.5, x * x / 2)));

    private static double[] Tanh(double[] x) => [.. x.Select(Math.Tanh)];

    private static double[] Sum(params double[][] terms) => [.. Enumerable.Range(0, terms[0].Length).Select(c => terms.Sum(term => term[c]))];
}
