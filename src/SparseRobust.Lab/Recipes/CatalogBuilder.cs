using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.Recipes;

/// <summary>Turns a record type into its catalogue, by the same type information the JSON reader uses, so that the two cannot disagree.</summary>
internal sealed class CatalogBuilder
{
    private readonly List<Type> _open = [];
    private readonly List<Type> _axisTypes = [];
    private readonly List<CatalogAxis?> _axes = [];

    /// <summary>The polymorphic specs met so far, in the order of meeting.</summary>
    public IReadOnlyList<CatalogAxis> Axes => [.. _axes.OfType<CatalogAxis>()];

    public CatalogObject Object(Type type)
    {
        var text = XmlDocumentation.Of(type);
        return new CatalogObject(text.Summary, text.Source, Unfold(type, () => Fields(type))!);
    }

    /// <summary>What the maker returns, or null while the type is already being unfolded further out.</summary>
    private T? Unfold<T>(Type type, Func<T> make)
        where T : class
    {
        if (_open.Contains(type))
            return null;
        _open.Add(type);
        var made = make();
        _open.Remove(type);
        return made;
    }

    private IReadOnlyList<CatalogField> Fields(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        return [.. LabJson.Options.GetTypeInfo(type).Properties.Select(property => Field(property, defaults))];
    }

    private CatalogField Field(JsonPropertyInfo property, object defaults)
    {
        var member = (PropertyInfo)property.AttributeProvider!;
        var text = XmlDocumentation.Of(member);
        var range = member.GetCustomAttribute<RangeAttribute>();
        return Typed(property.Name, property.PropertyType) with
        {
            Documentation = text.Summary,
            Source = text.Source,
            IsRequired = property.IsRequired,
            IsNullable = member.PropertyType.IsValueType ? Nullable.GetUnderlyingType(member.PropertyType) is not null : property.IsSetNullable,
            Default = property.IsRequired ? null : JsonSerializer.SerializeToNode(member.GetValue(defaults), property.PropertyType, LabJson.Options),
            Suggestion = member.GetCustomAttribute<SuggestedAttribute>() is { } suggested ? JsonSerializer.SerializeToNode(suggested.Value, property.PropertyType, LabJson.Options) : null,
            NeededBy = member.GetCustomAttribute<NeededWhereAttribute>() is { } need ? NeedOf(need, member.DeclaringType!.GetProperty(need.Spec)!) : null,
            Minimum = range is null ? null : Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture),
            Maximum = range is null ? null : Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture),
        };
    }

    // A property that depends on the kind only is the same on an instance without settings.
    private static CatalogNeed NeedOf(NeededWhereAttribute need, PropertyInfo spec)
    {
        var condition = spec.PropertyType.GetProperty(need.Condition)!;
        var kinds = LabJson.Options.GetTypeInfo(spec.PropertyType).PolymorphismOptions!.DerivedTypes
            .Where(derived => condition.GetValue(Activator.CreateInstance(derived.DerivedType)) is true)
            .Select(derived => (string)derived.TypeDiscriminator!);
        return new CatalogNeed(LabJson.Options.PropertyNamingPolicy!.ConvertName(spec.Name), [.. kinds]);
    }

    private CatalogField Typed(string name, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var info = LabJson.Options.GetTypeInfo(type);
        var field = new CatalogField { Name = name, Type = TypeOf(info) };
        return field.Type switch
        {
            CatalogType.Choice => field with { Choices = [.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, type, LabJson.Options)!.GetValue<string>())] },
            CatalogType.Object => field with { Fields = Unfold(type, () => Fields(type)) },
            CatalogType.Variant => field with { Variants = Unfold(type, () => Variants(name, info)) },
            CatalogType.List => field with { Items = Item(info.ElementType!) },
            _ => field,
        };
    }

    private CatalogField Item(Type type)
    {
        var item = Typed("item", type);
        return item.IsRecord || item.Type == CatalogType.List ? throw Unsupported($"list of {type}") : item;
    }

    private static NotSupportedException Unsupported(string what) => new($"A recipe cannot hold a {what}: no form has a field for it.");

    private IReadOnlyList<CatalogVariant> Variants(string name, JsonTypeInfo info)
    {
        if (_axisTypes.Contains(info.Type))
            return VariantsOf(info);
        // The place is taken before the kinds are unfolded, so that outer axes come first.
        var place = _axes.Count;
        _axisTypes.Add(info.Type);
        _axes.Add(null);
        var variants = VariantsOf(info);
        var text = XmlDocumentation.Of(info.Type);
        _axes[place] = new CatalogAxis(name, text.Summary, text.Source, variants);
        return variants;
    }

    private IReadOnlyList<CatalogVariant> VariantsOf(JsonTypeInfo info) => [.. info.PolymorphismOptions!.DerivedTypes.Select(derived =>
    {
        var text = XmlDocumentation.Of(derived.DerivedType);
        return new CatalogVariant((string)derived.TypeDiscriminator!, text.Summary, text.Source, Fields(derived.DerivedType));
    })];

    private static CatalogType TypeOf(JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Object => info.PolymorphismOptions is null ? CatalogType.Object : CatalogType.Variant,
        JsonTypeInfoKind.Enumerable => CatalogType.List,
        _ when info.Type.IsEnum => CatalogType.Choice,
        _ => Type.GetTypeCode(info.Type) switch
        {
            TypeCode.Boolean => CatalogType.Boolean,
            TypeCode.String => CatalogType.Text,
            TypeCode.Int32 or TypeCode.Int64 => CatalogType.Integer,
            TypeCode.Double => CatalogType.Number,
            _ => throw Unsupported(info.Type.ToString()),
        },
    };
}
