using System.Reflection;
using System.Reflection.Emit;

namespace SparseRobust.Lab.Tests.TorchSharp;

/// <summary>Reads out of an assembly's code which members of SparseRobust.Torch it uses, and where.</summary>
internal static class TorchUses
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Each use: the outermost type that has the code, and the member.</summary>
    public static IEnumerable<(Type User, MemberInfo Member)> Of(Assembly user) =>
        from type in user.GetTypes()
        from method in type.GetMembers(Declared).OfType<MethodBase>()
        from member in MembersIn(method)
        where member.Module.Assembly == typeof(torch).Assembly
        select (Outermost(type), Definition(member));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<MemberInfo> MembersIn(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in Tokens(code))
            if (method.Module.ResolveMember(token, typeArguments, methodArguments) is { } member)
                yield return member;
    }

    /// <summary>The tokens of members, types included, in the order of the code.</summary>
    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var first = code[at++];
            var operation = Codes[first == 0xFE ? (short)((0xFE << 8) | code[at++]) : first];
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType)
                yield return BitConverter.ToInt32(code, at);
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    // The lists have definitions: properties instead of accessors, and no type or method with arguments filled in.
    private static MemberInfo Definition(MemberInfo member)
    {
        if (member is Type { IsConstructedGenericType: true } constructed)
            return constructed.GetGenericTypeDefinition();
        if (member is Type or { DeclaringType: null })
            return member;
        var owner = member.DeclaringType!.IsConstructedGenericType ? member.DeclaringType.GetGenericTypeDefinition() : member.DeclaringType;
        var defined = owner.GetMembers(Declared).Single(other => other.MetadataToken == member.MetadataToken && other.MemberType == member.MemberType);
        return defined is MethodInfo accessor && owner.GetProperties(Declared).FirstOrDefault(property => property.GetAccessors(true).Contains(accessor)) is { } property ? property : defined;
    }
}
