using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.Pretraining;

/// <summary>How pre-training examples are made of a text: BERT's masked-language and next-sentence tasks. Names follow Hugging Face and BERT's own flags.</summary>
/// <remarks>
/// Source: Devlin et al. 2019, sec. 3.1 and A.1, and create_pretraining_data of the authors' code. Of the chosen tokens 80 % become [MASK], 10 % another token
/// of the vocabulary and 10 % stay. Deviates: the draws are made anew in each epoch (theirs: ten times for the whole training); there is no cap on masked
/// tokens of an example (theirs, 20 at a length of 128, never binds there); [UNK] is never masked and no special token is ever put in.
/// </remarks>
public sealed record MaskingSpec
{
    /// <summary>Share of an example's tokens, the special ones counted, that are to be predicted: round(share x tokens), at least 1.</summary>
    [Range(0.01, 0.99)]
    public double MlmProbability { get; init; } = 0.15;

    /// <summary>Mask all pieces of a word or none. The budget is the same; a word that no longer fits into it is passed over.</summary>
    public bool WholeWordMask { get; init; }

    /// <summary>Share of documents whose examples are shorter than they may be, of one length drawn between 2 tokens and the most, so that short inputs are seen too.</summary>
    [Range(0.0, 1.0)]
    public double ShortSeqProb { get; init; } = 0.1;
}
