namespace SparseRobust.Lab.Errors;

/// <summary>The stable kinds of failure; each is a heading in docs/problems.md.</summary>
public enum ProblemCode
{
    /// <summary>The recipe names an unknown field, a value out of range or an impossible combination.</summary>
    RecipeInvalid,

    /// <summary>A dataset's file is in none of the data folders.</summary>
    DatasetMissing,

    /// <summary>A dataset's file has too many broken rows, or is not of its format.</summary>
    DatasetInvalid,

    /// <summary>A vocabulary lacks a token it needs, holds duplicates, or is not a vocabulary; or a tokenizer's file asks for what is not understood.</summary>
    TokenizerInvalid,

    /// <summary>An objective needs bias predictions and the recipe names no bias model.</summary>
    BiasPredictionsMissing,

    /// <summary>A stored file that a stage needs is not there.</summary>
    ArtifactMissing,

    /// <summary>A stored file is truncated, lies about its contents or does not fit the model.</summary>
    ArtifactCorrupt,

    /// <summary>A pre-trained model that is brought is not whole, not of a kind that is known here, or not what it is said to be.</summary>
    ModelInvalid,

    /// <summary>A text pair is longer than the model's length and truncation was not asked for.</summary>
    InputTooLong,

    /// <summary>More requests wait than may.</summary>
    Overloaded,

    /// <summary>The loss or the gradient is no longer finite.</summary>
    TrainingDiverged,

    /// <summary>The device is absent or out of memory.</summary>
    DeviceUnavailable,

    /// <summary>The disk is full, or has too little room for what the run will write.</summary>
    StorageFull,

    /// <summary>A file or folder cannot be read or written: permissions, a file where a folder should be, a vanished disk.</summary>
    FileInaccessible,

    /// <summary>Another process is working in the same run directory.</summary>
    RunLocked,
}
