using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.Data;

/// <summary>How a dataset's texts become ids. Thread-safe.</summary>
/// <param name="Tokenizer">Splits texts.</param>
/// <param name="MaxLength">Most ids that a row may have, special tokens included.</param>
/// <param name="Truncation">What happens to longer rows.</param>
internal sealed record RowEncoder(Tokenizer Tokenizer, int MaxLength, Truncation Truncation)
{
    /// <summary>Encodes one row.</summary>
    /// <exception cref="LabException">InputTooLong, naming the dataset, the row and its length.</exception>
    public Encoding Encode(Dataset dataset, int row)
    {
        var example = dataset.Examples[row];
        try
        {
            return Tokenizer.EncodePair(example.FirstText, example.SecondText, MaxLength, Truncation);
        }
        catch (LabException e) when (e.Code == ProblemCode.InputTooLong)
        {
            throw new LabException(ProblemCode.InputTooLong, $"{dataset.Name} {dataset.Split}, row \"{example.Id}\": {e.Message}", e);
        }
    }

    /// <summary>Encodes all rows, one at a time as they are asked for.</summary>
    /// <exception cref="LabException">InputTooLong, as for one.</exception>
    public IEnumerable<Encoding> Encode(Dataset dataset, CancellationToken cancellation)
    {
        for (var row = 0; row < dataset.Examples.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Encode(dataset, row);
        }
    }
}
