using System.Diagnostics.CodeAnalysis;

namespace SparseRobust.Lab.Recipes;

/// <summary>What a field of a recipe holds.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "These are JSON's own words for types.")]
public enum CatalogType
{
    /// <summary>A finite number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Free text.</summary>
    Text,

    /// <summary>One word out of <see cref="CatalogField.Choices"/>.</summary>
    Choice,

    /// <summary>A record with the fields of <see cref="CatalogField.Fields"/>.</summary>
    Object,

    /// <summary>A record of one of the kinds of <see cref="CatalogField.Variants"/>, named by its member "kind".</summary>
    Variant,

    /// <summary>Values of <see cref="CatalogField.Items"/>.</summary>
    List,
}
