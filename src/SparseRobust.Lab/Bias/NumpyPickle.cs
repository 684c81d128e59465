using SparseRobust.Lab.Checkpoints;

namespace SparseRobust.Lab.Bias;

/// <summary>The few names a pickle of numpy arrays refers to, and what calling them gives. Every other name is refused: nothing is ever imported or run.</summary>
/// <remarks>Source: what numpy 1 and 2 write for arrays, numbers and their types (ndarray.__reduce__, dtype.__reduce__, scalar).</remarks>
internal sealed class NumpyPickle(Func<string, Exception> corrupt) : PickleGlobals(corrupt)
{
    /// <summary>A name that was allowed.</summary>
    public sealed record Name(Callable Callable);

    /// <summary>A number type being described; <see cref="Name"/> without byte order until its state is set.</summary>
    public sealed class NumberType(string code)
    {
        public string Code { get; } = code;

        public string Order { get; set; } = "<";

        public string Full => Order + Code;
    }

    /// <summary>An array whose state may still have to be set.</summary>
    public sealed class ArrayInMaking
    {
        public NumpyArray? Array { get; set; }
    }

    /// <summary>What a pickle may call or name.</summary>
    public enum Callable
    {
        Reconstruct,
        ArrayType,
        NumberType,
        Scalar,
        FromBuffer,
        Encode,
    }

    /// <inheritdoc/>
    public override object Find(string module, string name) => new Name(($"{module}.{name}") switch
    {
        "numpy.core.multiarray._reconstruct" or "numpy._core.multiarray._reconstruct" => Callable.Reconstruct,
        "numpy.ndarray" => Callable.ArrayType,
        "numpy.dtype" => Callable.NumberType,
        "numpy.core.multiarray.scalar" or "numpy._core.multiarray.scalar" => Callable.Scalar,
        "numpy.core.numeric._frombuffer" or "numpy._core.numeric._frombuffer" => Callable.FromBuffer,
        "_codecs.encode" => Callable.Encode,
        _ => throw Refused(module, name, "an array, number, string, dict, tuple or list"),
    });

    /// <inheritdoc/>
    public override object Call(object? callable, object?[] arguments) => ((callable as Name)?.Callable, arguments) switch
    {
        (Callable.Reconstruct, [Name { Callable: Callable.ArrayType }, ..]) => new ArrayInMaking(),
        (Callable.NumberType, [string code, ..]) => TypeOf(code),
        (Callable.Scalar, [NumberType type, var bytes]) => NumpyArray.Of(type.Full, [], false, BytesOf(bytes), Corrupt).Values[0],
        (Callable.FromBuffer, [var bytes, NumberType type, object?[] shape, string order]) =>
            new ArrayInMaking { Array = NumpyArray.Of(type.Full, ShapeOf(shape), order == "F", BytesOf(bytes), Corrupt) },
        // Python 3 writes bytes so in the older protocols.
        (Callable.Encode, [string text, "latin1"]) => BytesOf(text),
        (null, _) => throw Corrupt("it calls what is no function"),
        var (name, _) => throw Corrupt($"it calls {name} with arguments that numpy does not write"),
    };

    /// <inheritdoc/>
    public override void Build(object? target, object? state)
    {
        switch (target, state)
        {
            case (ArrayInMaking array, object?[] and [long, object?[] shape, NumberType type, bool isFortran, var bytes]):
                array.Array = NumpyArray.Of(type.Full, ShapeOf(shape), isFortran, BytesOf(bytes), Corrupt);
                break;
            case (NumberType type, object?[] and [long, "<" or ">" or "|" or "=", null, null, null, ..]):
                type.Order = (string)((object?[])state)[1]!;
                break;
            default:
                throw Corrupt("it sets a state that numpy does not write for arrays of plain numbers");
        }
    }

    private static NumberType TypeOf(string code) => code is ['<' or '>' or '|' or '=', .. var rest] ? new NumberType(rest) { Order = code[..1] } : new NumberType(code);

    private List<long> ShapeOf(object?[] shape) =>
        [.. shape.Select(dimension => dimension is long size ? size : throw Corrupt("an array's shape holds something that is not a number"))];

    // Python 2 writes bytes as a string with a character for each.
    private byte[] BytesOf(object? value) => value switch
    {
        byte[] bytes => bytes,
        string text when text.All(c => c <= 0xFF) => System.Text.Encoding.Latin1.GetBytes(text),
        _ => throw Corrupt("an array's contents are no bytes; arrays of Python objects are not read"),
    };
}
