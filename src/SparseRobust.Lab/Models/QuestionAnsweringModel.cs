// Shapes: B batch, L length, D hidden.
namespace SparseRobust.Lab.Models;

/// <summary>
/// BERT or RoBERTa with a head that finds an answer in a text, Hugging Face's BertForQuestionAnswering and RobertaForQuestionAnswering under their parameter names:
/// one linear layer gives each token two logits, how much the answer begins and how much it ends there.
/// </summary>
/// <remarks>Source: Devlin et al. (2019), BERT, sec. 4.2. Deviates from Hugging Face: the logits of padding are <see cref="OfPadding"/>, so that neither answers nor the loss depend on
/// how far rows are padded. As there, a BERT has no pooler here.</remarks>
internal sealed class QuestionAnsweringModel : nn.Module<Tensor, Tensor, Tensor, (Tensor Start_BL, Tensor End_BL)>
{
    /// <summary>Logit of padding: finite, and e to the power of it is 0.</summary>
    public const float OfPadding = -1e9f;

    private readonly TransformerBody _body;
    private readonly PrunableLinear _outputs;

    public QuestionAnsweringModel(TransformerSpec spec, int vocabularySize)
        : base($"{spec.Architecture}ForQuestionAnswering")
    {
        _body = new TransformerBody($"{spec.Architecture}Model", spec, vocabularySize);
        _outputs = new PrunableLinear(spec.HiddenSize, 2);
        Spec = spec;
        register_module(spec.Prefix, _body);
        register_module("qa_outputs", _outputs);
        InitialWeights.Draw(this, spec.InitializerRange);
    }

    /// <summary>What it was built from.</summary>
    public TransformerSpec Spec { get; }

    /// <summary>The weights that pruning methods may remove: the encoder's.</summary>
    public IEnumerable<(MatrixId Id, PrunableLinear Linear)> PrunableMatrices => EncoderMatrices.Of(_body.Encoder, Spec.Prefix);

    /// <param name="ids_BL">Token ids, int64.</param>
    /// <param name="tokenTypes_BL">Segment ids, int64: 0 for the question and padding, 1 for the text.</param>
    /// <param name="mask_BL">1 for tokens, 0 for padding, float.</param>
    /// <returns>The logits of both ends, float32.</returns>
    public override (Tensor Start_BL, Tensor End_BL) forward(Tensor ids_BL, Tensor tokenTypes_BL, Tensor mask_BL)
    {
        var all_BL2 = _outputs.forward(_body.forward(ids_BL, tokenTypes_BL, mask_BL)).to_type(ScalarType.Float32);
        var logits_BL2 = all_BL2.masked_fill(mask_BL.eq(0).unsqueeze(2), OfPadding);
        return (logits_BL2.select(2, 0), logits_BL2.select(2, 1));
    }
}
