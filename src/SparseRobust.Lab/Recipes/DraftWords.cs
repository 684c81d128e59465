namespace SparseRobust.Lab.Recipes;

/// <summary>The names and values in a form that are no fields of the catalogue.</summary>
internal static class DraftWords
{
    /// <summary>The discriminator of every axis of a recipe.</summary>
    public const string Kind = "kind";

    /// <summary>Whether an object that may be null is there.</summary>
    public const string Present = "present";

    /// <summary>The text of a null where the default is something else.</summary>
    public const string Null = "null";
}
