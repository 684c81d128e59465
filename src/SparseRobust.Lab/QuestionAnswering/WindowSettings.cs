using System.ComponentModel.DataAnnotations;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>How a context that is longer than the model's input is cut into windows.</summary>
/// <remarks>Source: BERT's run_squad.py; RPP, sec. 4 fine-tunes on SQuAD with length 384 and stride 128.</remarks>
public sealed record WindowSettings
{
    /// <summary>Most tokens of a window, special tokens included. Default 384.</summary>
    [Range(8, 512)]
    public int MaxLength { get; init; } = 384;

    /// <summary>How many context tokens further the next window begins, as in BERT's run_squad.py; Hugging Face's tokenizers give the name "stride" to what
    /// two windows share instead. Default 128.</summary>
    [Range(1, 512)]
    public int DocStride { get; init; } = 128;

    /// <summary>Most tokens of a question. Default 64.</summary>
    [Range(1, 256)]
    public int MaxQueryLength { get; init; } = 64;

    /// <summary>Whether a longer question is cut at its end, and counted, as BERT's run_squad.py does silently. False by default: it is refused.</summary>
    public bool CutLongQuestions { get; init; }

    /// <summary>Refuses what leaves no room for the context.</summary>
    /// <exception cref="ArgumentOutOfRangeException">DocStride or MaxQueryLength is below 1, or MaxLength does not exceed MaxQueryLength by at least 4: three special tokens and one of the context.</exception>
    internal void Require()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(DocStride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxQueryLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLength, MaxQueryLength + 4);
    }
}
