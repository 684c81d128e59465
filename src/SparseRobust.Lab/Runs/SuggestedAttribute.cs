namespace SparseRobust.Lab.Runs;

/// <summary>What a form starts with where a recipe must say something: a required setting has no default, and a blank field would be refused.</summary>
/// <param name="value">Of the setting's type and within its range. Changes no recipe: what is left out of JSON is still refused.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SuggestedAttribute(object value) : Attribute
{
    /// <summary>As the setting's own type.</summary>
    public object Value { get; } = value;
}
