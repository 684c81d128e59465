using SparseRobust.Lab.Models;

namespace SparseRobust.Lab.Pruning;

/// <summary>The mask of one matrix, one bit a weight in row-major order, least significant bit first, 1 = kept.</summary>
/// <param name="Id">Which matrix.</param>
/// <param name="Rows">Output features.</param>
/// <param name="Columns">Input features.</param>
/// <param name="Bits">ceil(rows x columns / 8) bytes; unused bits are 0.</param>
/// <param name="Kept">How many bits are set.</param>
public sealed record MatrixMask(MatrixId Id, long Rows, long Columns, ReadOnlyMemory<byte> Bits, long Kept)
{
    /// <summary>Share of weights removed, in [0, 1].</summary>
    public double Sparsity => 1 - (double)Kept / (Rows * Columns);
}

/// <summary>A subnetwork: which weights of which matrices stay.</summary>
/// <param name="Matrices">One entry a masked matrix.</param>
public sealed record MaskSet(IReadOnlyList<MatrixMask> Matrices)
{
    /// <summary>Share removed over the encoder's matrices: the sparsity the papers report.</summary>
    public double EncoderSparsity => SparsityOver(matrix => matrix.Id.IsEncoder);

    /// <summary>Share removed over encoder and pooler.</summary>
    public double EncoderAndPoolerSparsity => SparsityOver(matrix => !matrix.Id.IsHead);

    /// <summary>Share removed over all masked matrices.</summary>
    public double MaskedSparsity => SparsityOver(_ => true);

    internal static MaskSet From(IEnumerable<(MatrixId Id, Tensor Keep)> masks) =>
        new([.. masks.Select(mask => Pack(mask.Id, mask.Keep))]);

    /// <summary>A matrix's mask: 1 for kept, 0 for removed, [out, in], float32, on the CPU; the caller's.</summary>
    internal Tensor KeepOf(MatrixId id) => Unpack(Matrices.Single(matrix => matrix.Id == id));

    /// <summary>Multiplies every masked weight by its mask, in place.</summary>
    internal void ApplyTo(PrunableModel model)
    {
        using var noGrad = no_grad();
        foreach (var matrix in Matrices)
        {
            using var scope = NewDisposeScope();
            var weight = model.Matrices.Single(entry => entry.Id == matrix.Id).Linear.Weight;
            weight.mul_(Unpack(matrix).to(weight.device).to_type(weight.dtype));
        }
    }

    private double SparsityOver(Func<MatrixMask, bool> which)
    {
        var chosen = Matrices.Where(which).ToList();
        return 1 - (double)chosen.Sum(matrix => matrix.Kept) / chosen.Sum(matrix => matrix.Rows * matrix.Columns);
    }

    private static MatrixMask Pack(MatrixId id, Tensor keep)
    {
        using var scope = NewDisposeScope();
        var flags = keep.gt(0).cpu().data<bool>().ToArray();
        var bits = new byte[(flags.Length + 7) / 8];
        var kept = 0L;
        for (var i = 0; i < flags.Length; i++)
        {
            if (!flags[i])
                continue;
            bits[i >> 3] |= (byte)(1 << (i & 7));
            kept++;
        }
        return new MatrixMask(id, keep.shape[0], keep.shape[1], bits, kept);
    }

    internal static Tensor Unpack(MatrixMask matrix)
    {
        var bits = matrix.Bits.Span;
        var flags = new float[matrix.Rows * matrix.Columns];
        for (var i = 0; i < flags.Length; i++)
            flags[i] = (bits[i >> 3] >> (i & 7)) & 1;
        return tensor(flags).reshape(matrix.Rows, matrix.Columns);
    }
}
