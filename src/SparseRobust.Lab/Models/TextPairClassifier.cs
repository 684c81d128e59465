// Shapes: B batch, L length, E word width, T width of a text's vector, D pooled width, C classes.
namespace SparseRobust.Lab.Models;

/// <summary>
/// A classifier that turns each of a row's texts into one vector, u and v, and classifies [u; v; |u - v|; u * v] with one hidden layer: logits = W tanh(D f + d) + w.
/// A row of one text has u alone, and zeros in the other places.
/// </summary>
/// <remarks>Source: Wang et al. (2018), GLUE, sec. 4.1, whose single texts go without the pair's places and so with another first matrix. The word embeddings are trained on the task
/// from random weights; Wang et al. use fixed GloVe or ELMo. [CLS], [SEP] and padding are no words and take no part.</remarks>
internal abstract class TextPairClassifier : TextClassifier
{
    // Of word vectors that are trained from scratch: narrow enough that updates of Adam soon outweigh where they started.
    private const double InitialSpread = 0.1;

    private readonly Embedding _embeddings;
    private readonly Linear _dense;
    private readonly Linear _classifier;
    private readonly Dropout _dropout;

    protected TextPairClassifier(string name, ArchitectureSpec spec, (int Words, int Classes) sizes, int textWidth, double dropout)
        : base(name, spec, sizes.Words, sizes.Classes)
    {
        _embeddings = nn.Embedding(sizes.Words, spec.WordWidth);
        _dense = nn.Linear(4L * textWidth, spec.PooledWidth);
        _classifier = nn.Linear(spec.PooledWidth, sizes.Classes);
        _dropout = nn.Dropout(dropout);
        register_module("embeddings", _embeddings);
        register_module("dense", _dense);
        register_module("classifier", _classifier);
        register_module("dropout", _dropout);
        using var noGrad = no_grad();
        nn.init.normal_(_embeddings.weight!, 0, InitialSpread);
    }

    public override (Tensor Pooled_BD, Tensor Logits_BC) Outputs(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        var words_BLE = _dropout.forward(FusedOperators.Embedding(_embeddings.weight!, ids_BL));
        var (first, second) = TextSpan.Of(tokenTypes_BL, mask_BL);
        var isPair_B1 = tokenTypes_BL.sum([1], keepdim: true).gt(0).to_type(ScalarType.Float32);
        var pooled_BD = tanh(_dense.forward(_dropout.forward(Features(Encode(words_BLE, first), Encode(words_BLE, second), isPair_B1))));
        return (pooled_BD, _classifier.forward(_dropout.forward(pooled_BD)));
    }

    /// <summary>The vectors of one text of each row, [B, T]; zeros for a text without words.</summary>
    protected abstract Tensor Encode(Tensor words_BLE, TextSpan text);

    private static Tensor Features(Tensor u_BT, Tensor v_BT, Tensor isPair_B1) =>
        cat([u_BT, v_BT, (u_BT - v_BT).abs() * isPair_B1, u_BT * v_BT], 1);
}
