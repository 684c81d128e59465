namespace SparseRobust.Lab.Models;

/// <summary>How an untrained BERT or RoBERTa starts.</summary>
internal static class InitialWeights
{
    /// <summary>Draws every matrix and table from N(0, deviation^2) in the order of the modules; the rows of padding are zero. Biases and LayerNorms stay 0 and 1.</summary>
    public static void Draw(nn.Module model, double standardDeviation)
    {
        using var noGrad = no_grad();
        foreach (var module in model.modules())
        {
            if (module is PrunableLinear linear)
                nn.init.normal_(linear.Weight, 0, standardDeviation);
            else if (module is Embedding embedding)
                nn.init.normal_(embedding.weight!, 0, standardDeviation);
        }
        foreach (var embeddings in model.modules().OfType<TransformerEmbeddings>())
            embeddings.ClearPadding();
    }
}
