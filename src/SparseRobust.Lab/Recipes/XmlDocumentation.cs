using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace SparseRobust.Lab.Recipes;

/// <summary>The documentation comments of a member as plain text, from the compiler's XML file in the program's folder; empty when that file is absent or unreadable.</summary>
/// <param name="Summary">Text of the summary, or empty.</param>
/// <param name="Source">What the remarks say after "Source:", to their end; null when they do not.</param>
internal sealed partial record XmlDocumentation(string Summary, string? Source)
{
    private static readonly XmlDocumentation None = new("", null);

    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    public static XmlDocumentation Of(Type type) => Find(type.Assembly, "T:" + Name(type));

    /// <summary>Of the property, or of the one it overrides where it inherits its documentation.</summary>
    public static XmlDocumentation Of(PropertyInfo property)
    {
        for (var type = property.DeclaringType; type is not null; type = type.BaseType)
            if (Find(type.Assembly, $"P:{Name(type)}.{property.Name}") is { Summary: not "" } found)
                return found;
        return None;
    }

    /// <summary>The members of one documentation file by their compiler's names.</summary>
    internal static IReadOnlyDictionary<string, XElement> Load(string path)
    {
        try
        {
            return File.Exists(path)
                ? XDocument.Load(path).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!)
                : new Dictionary<string, XElement>();
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return new Dictionary<string, XElement>();
        }
    }

    private static XmlDocumentation Find(Assembly assembly, string name)
    {
        var members = Files.GetOrAdd(assembly, key => Load(Path.Combine(AppContext.BaseDirectory, key.GetName().Name + ".xml")));
        if (!members.TryGetValue(name, out var member))
            return None;
        var source = SourceMark().Match(Plain(member.Element("remarks")));
        return new XmlDocumentation(Plain(member.Element("summary")), source.Success ? source.Groups["text"].Value : null);
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Plain(XElement? element) =>
        element is null ? "" : Blanks().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "para" } paragraph => $" {string.Concat(paragraph.Nodes().Select(Text))} ",
        XElement { IsEmpty: false } element => string.Concat(element.Nodes().Select(Text)),
        XElement element => (string?)element.Attribute("langword") ?? (string?)element.Attribute("name") ?? Shown((string?)element.Attribute("cref") ?? ""),
        _ => "",
    };

    // Properties and enum members are called what JSON calls them, for that is what readers of the catalogue write.
    private static string Shown(string reference)
    {
        var name = reference.Split('(')[0].Split(':', '.')[^1];
        return reference.StartsWith("P:", StringComparison.Ordinal) || reference.StartsWith("F:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\bSource(?: of defaults)?: (?<text>.+)")]
    private static partial Regex SourceMark();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
