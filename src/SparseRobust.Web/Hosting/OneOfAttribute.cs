namespace SparseRobust.Web.Hosting;

/// <summary>The words that a text member of an answer can be, for the description of the interface.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words { get; } = words;
}
