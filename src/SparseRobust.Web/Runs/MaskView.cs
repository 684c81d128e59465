using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>A mask set in numbers: what the density map draws.</summary>
public sealed record MaskView(string StageHash, long Kept, long Weights, IReadOnlyList<MatrixView> Matrices)
{
    /// <summary>The last mask set of a run; null when it has none.</summary>
    public static async Task<MaskView?> ReadAsync(LabDb db, string runId, CancellationToken cancellation)
    {
        var hash = await db.RunStages.AsNoTracking().Where(stage => stage.RunId == runId && db.MaskMatrices.Any(matrix => matrix.StageHash == stage.StageHash))
            .OrderByDescending(stage => stage.Ordinal).Select(stage => stage.StageHash).FirstOrDefaultAsync(cancellation);
        if (hash is null)
            return null;
        var matrices = await db.MaskMatrices.AsNoTracking().Where(matrix => matrix.StageHash == hash).OrderBy(matrix => matrix.Layer).ThenBy(matrix => matrix.Name).ToListAsync(cancellation);
        return new MaskView(hash, matrices.Sum(matrix => matrix.Kept), matrices.Sum(matrix => matrix.Rows * matrix.Columns), [.. matrices.Select(matrix => new MatrixView(matrix.Name, matrix.Layer, matrix.Kind, matrix.Rows, matrix.Columns, matrix.Kept, matrix.Kept / ((double)matrix.Rows * matrix.Columns), matrix.Sha256))]);
    }
}

/// <summary>One masked matrix; density is the share of its weights that are kept.</summary>
public sealed record MatrixView(string Name, int Layer, string Kind, long Rows, long Columns, long Kept, double Density, string Sha256);
