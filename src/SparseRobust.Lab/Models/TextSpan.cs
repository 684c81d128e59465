// Shapes: B batch, L length.
namespace SparseRobust.Lab.Models;

/// <summary>Where the words of one of a row's two texts stand: its tokens without [CLS], [SEP] and padding. Owned by the current dispose scope.</summary>
/// <param name="Start_B">Place of the first word, int64.</param>
/// <param name="Count_B">Number of words, int64; 0 for a text that is empty or not there.</param>
internal readonly record struct TextSpan(Tensor Start_B, Tensor Count_B)
{
    /// <summary>The spans of [CLS] first [SEP], and of what may follow: second [SEP].</summary>
    /// <param name="tokenTypes_BL">Segment ids, int64.</param>
    /// <param name="mask_BL">1 for tokens, 0 for padding, float.</param>
    public static (TextSpan First, TextSpan Second) Of(Tensor tokenTypes_BL, Tensor mask_BL)
    {
        var all_B = mask_BL.sum([1]).to_type(ScalarType.Int64);
        // Padding has type 0, too, but is not counted among the second segment's tokens.
        var firstSegment_B = all_B - tokenTypes_BL.sum([1]);
        return (new(ones_like(all_B), (firstSegment_B - 2).clamp_min(0)), new(firstSegment_B, (all_B - firstSegment_B - 1).clamp_min(0)));
    }

    /// <summary>1 where a word of the text stands, else 0; float [B, L].</summary>
    public Tensor Mask(long length)
    {
        var places_1L = Places(length);
        return (places_1L.ge(Start_B.unsqueeze(1)) & places_1L.lt((Start_B + Count_B).unsqueeze(1))).to_type(ScalarType.Float32);
    }

    /// <summary>0, 1, 2 and so on beside the text: int64 [1, length].</summary>
    public Tensor Places(long length) => arange(length, dtype: ScalarType.Int64, device: Start_B.device).unsqueeze(0);
}
