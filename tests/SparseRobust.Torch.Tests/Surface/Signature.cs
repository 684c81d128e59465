using System.Globalization;
using System.Reflection;

namespace SparseRobust.Torch.Tests.Surface;

/// <summary>
/// Public and protected members as lines of text: <c>owner: Result name(Type argument=default, ...)</c>, <c>owner: Type name {get;set;}</c>.
/// Simple names of types, so that a line reads the same for SparseRobust.Torch and for TorchSharp.
/// </summary>
internal static class Signature
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The namespaces that TorchSharp has too, under its own name.</summary>
    private static readonly string[] Borrowed = ["SparseRobust.Torch", "SparseRobust.Torch.Modules"];

    /// <summary>Every member under TorchSharp's names that other assemblies can use, sorted.</summary>
    public static IReadOnlyList<string> OfAll(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(IsBorrowed).SelectMany(type => type.GetMembers(Declared).Where(IsOwn)).Select(Of).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a type stands where TorchSharp's types stand; elsewhere it is an addition of ours.</summary>
    public static bool IsBorrowed(Type type) => Borrowed.Contains(type.Namespace);

    /// <summary>The line of a member; of the definition, when the member is of a constructed type or method.</summary>
    public static string Of(MemberInfo member) => member.DeclaringType is { } owner ? Owner(owner) + ": " + Declaration(member) : Owner((Type)member);

    private static string Declaration(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => Protection(constructor) + "new" + Arguments(constructor.GetParameters()),
        MethodInfo method => Protection(method) + Name(method.ReturnType) + " " + method.Name + Arguments(method.GetParameters()),
        PropertyInfo property => Protection(property.GetAccessors(true).MaxBy(accessor => accessor.IsPublic)!) + Name(property.PropertyType) + " " + property.Name + Index(property) + " " + Accessors(property),
        FieldInfo { IsLiteral: true } constant => $"{Name(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo field => Name(field.FieldType) + " " + field.Name,
        Type nested => (nested.IsEnum ? "enum " : nested.IsInterface ? "interface " : nested.IsValueType ? "struct " : "class ") + Name(nested),
        _ => member.Name,
    };

    // Accessors are written with their property; overrides, and the methods that every object has, with what they override.
    private static bool IsOwn(MemberInfo member) => member switch
    {
        MethodInfo method => IsVisible(method) && method.GetBaseDefinition() == method && !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)),
        MethodBase constructor => IsVisible(constructor),
        PropertyInfo property => property.GetAccessors(true).Any(accessor => IsVisible(accessor) && accessor.GetBaseDefinition() == accessor),
        FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
        Type nested => nested.IsVisible,
        _ => true,
    };

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Protection(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Owner(Type type)
    {
        var name = type.DeclaringType is { } outer ? Owner(outer) + "." + type.Name : type.Namespace == Borrowed[^1] ? "Modules." + type.Name : type.Name;
        return type.IsGenericType && name.Split('`') is [var head, var count] ? head + "<" + string.Join(",", type.GetGenericTypeDefinition().GetGenericArguments().TakeLast(int.Parse(count, CultureInfo.InvariantCulture)).Select(Name)) + ">" : name;
    }

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => Name(type.GetElementType()!) + "&",
        { IsArray: false, IsGenericType: true } => type.Name.Split('`')[0] + "<" + string.Join(",", type.GetGenericArguments().Select(Name)) + ">",
        _ => type.Name,
    };

    private static string Arguments(ParameterInfo[] parameters) => "(" + string.Join(", ", parameters.Select(Argument)) + ")";

    private static string Argument(ParameterInfo parameter) =>
        Name(parameter.ParameterType) + " " + parameter.Name + (parameter.HasDefaultValue ? "=" + Default(parameter) : "");

    private static string Default(ParameterInfo parameter) => parameter.RawDefaultValue switch
    {
        null => "null",
        var value when parameter.ParameterType.IsEnum => Enum.ToObject(parameter.ParameterType, value).ToString()!,
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } parameters ? "[" + string.Join(", ", parameters.Select(Argument)) + "]" : "";

    private static string Accessors(PropertyInfo property) =>
        "{" + (IsVisible(property.GetMethod) ? "get;" : "") + (IsVisible(property.SetMethod) ? "set;" : "") + "}";
}
