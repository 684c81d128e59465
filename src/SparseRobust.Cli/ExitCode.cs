using SparseRobust.Lab.Errors;

namespace SparseRobust.Cli;

/// <summary>Exit codes, documented in docs/problems.md.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int Cancelled = 130;

    public static int Of(ProblemCode code) => code switch
    {
        ProblemCode.RecipeInvalid => 2,
        ProblemCode.DatasetMissing or ProblemCode.DatasetInvalid or ProblemCode.TokenizerInvalid => 3,
        ProblemCode.ArtifactMissing or ProblemCode.ArtifactCorrupt or ProblemCode.ModelInvalid or ProblemCode.BiasPredictionsMissing => 4,
        ProblemCode.InputTooLong => 5,
        ProblemCode.TrainingDiverged => 6,
        ProblemCode.DeviceUnavailable => 7,
        ProblemCode.StorageFull => 8,
        ProblemCode.RunLocked => 9,
        ProblemCode.FileInaccessible => 10,
        _ => Unexpected,
    };
}
