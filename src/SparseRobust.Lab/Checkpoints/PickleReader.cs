using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SparseRobust.Lab.Checkpoints;

/// <summary>Reads the data of a Python pickle (protocols 0 to 5) and executes nothing: numbers, strings, bytes, lists, tuples, dicts, and what <see cref="PickleGlobals"/> allows.</summary>
/// <remarks>
/// Source: CPython's pickletools, which documents every opcode. Results: null, bool, long, double, string, byte[], List of objects for a list, object[] for a
/// tuple, Dictionary for a dict (keys: <see cref="PickleGlobals.IsKey"/>), whatever the globals make. Opcodes for classes, extensions, sets and buffers outside the pickle are refused by
/// name, and so is every name outside the globals. A length is checked against what is left of the file before anything is allocated, each opcode makes at most one object, and nothing
/// is recursive, so memory and time are bounded by the file's size.
/// </remarks>
internal sealed class PickleReader
{
    private static readonly object Mark = new();
    private readonly byte[] _bytes;
    private readonly PickleGlobals _globals;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    private PickleReader(byte[] bytes, PickleGlobals globals, int at) => (_bytes, _globals, _at) = (bytes, globals, at);

    /// <summary>The object that a pickle's bytes describe. What is wrong goes to <see cref="PickleGlobals.Corrupt"/>, whose exception is thrown.</summary>
    public static object? Read(byte[] bytes, PickleGlobals globals)
    {
        var at = 0;
        return Read(bytes, globals, ref at);
    }

    /// <summary>The same, of one of several pickles that stand one behind the other.</summary>
    /// <param name="bytes">The pickles.</param>
    /// <param name="globals">What they may name.</param>
    /// <param name="at">Where it begins; afterwards, where the next one does.</param>
    public static object? Read(byte[] bytes, PickleGlobals globals, ref int at)
    {
        var reader = new PickleReader(bytes, globals, at);
        var goesOn = true;
        while (goesOn)
            goesOn = reader.Step();
        at = reader._at;
        return reader._stack is [var result] && result != Mark ? result : throw globals.Corrupt($"it ends with {reader._stack.Count} objects instead of one");
    }

    // False after the last opcode.
    private bool Step()
    {
        var opcode = (char)Take(1)[0];
        switch (opcode)
        {
            case '.': return false;
            case '\x80': Take(1); break;
            case '\x95': Take(sizeof(long)); break;
            case '(': _stack.Add(Mark); break;
            case '0': Pop(); break;
            case '1': ToMark(); break;
            case '2': _stack.Add(Top); break;
            case 'N': _stack.Add(null); break;
            case '\x88': _stack.Add(true); break;
            case '\x89': _stack.Add(false); break;
            case ']': _stack.Add(new List<object?>()); break;
            case '}': _stack.Add(new Dictionary<object, object?>()); break;
            case ')': _stack.Add(Array.Empty<object?>()); break;
            case 't': _stack.Add(ToMark()); break;
            case 'l': _stack.Add(ToMark().ToList()); break;
            case 'd': { var items = ToMark(); _stack.Add(new Dictionary<object, object?>()); SetItems(items); break; }
            case '\x85' or '\x86' or '\x87': _stack.Add(TakeFromStack(opcode - '\x84')); break;
            case 'a': { var item = Pop(); ListAtTop().Add(item); break; }
            case 'e': { var items = ToMark(); ListAtTop().AddRange(items); break; }
            case 's': { var pair = TakeFromStack(2); SetItems(pair); break; }
            case 'u': SetItems(ToMark()); break;
            case 'R': { var arguments = Pop() as object?[] ?? throw _globals.Corrupt("it calls something without a tuple of arguments"); _stack.Add(_globals.Call(Pop(), arguments)); break; }
            case 'b': { var state = Pop(); _globals.Build(Top, state); break; }
            case 'c': _stack.Add(_globals.Find(Line(), Line())); break;
            case '\x93': { var names = TakeFromStack(2); _stack.Add(_globals.Find(Text(names[0]), Text(names[1]))); break; }
            case 'Q' when _globals.HasPersistentIds: _stack.Add(_globals.Persistent(Pop())); break;
            default:
                if (!Memo(opcode))
                    _stack.Add(Value(opcode));
                break;
        }
        return true;
    }

    // The opcodes that remember the top of the stack, or recall it.
    private bool Memo(char opcode)
    {
        switch (opcode)
        {
            case '\x94': _memo[_memo.Count] = Top; break;
            case 'q': _memo[Take(1)[0]] = Top; break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top; break;
            case 'p': _memo[Number(Line())] = Top; break;
            case 'h': _stack.Add(Recall(Take(1)[0])); break;
            case 'j': _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case 'g': _stack.Add(Recall(Number(Line()))); break;
            default: return false;
        }
        return true;
    }

    private object Value(char opcode) => opcode switch
    {
        'K' => (long)Take(1)[0],
        'M' => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
        'J' => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        '\x8a' => Long(Take(1)[0]),
        '\x8b' => Long(BinaryPrimitives.ReadInt32LittleEndian(Take(4))),
        'I' => Line() switch { "00" => false, "01" => true, var text => Number(text) },
        'L' => Number(Line().TrimEnd('L')),
        'F' => double.TryParse(Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw _globals.Corrupt("it holds a float that is no number"),
        'G' => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
        'S' => PickleText.Quoted(Line()),
        'V' => PickleText.Unicode(Line()),
        'X' => Utf8(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))),
        '\x8c' => Utf8(Take(1)[0]),
        '\x8d' => Utf8(BinaryPrimitives.ReadInt64LittleEndian(Take(8))),
        'B' => Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))).ToArray(),
        'C' => Take(Take(1)[0]).ToArray(),
        '\x8e' or '\x96' => Take(BinaryPrimitives.ReadInt64LittleEndian(Take(8))).ToArray(),
        // Python 2's strings are bytes; a character stands for each.
        'T' => Encoding.Latin1.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4)))),
        'U' => Encoding.Latin1.GetString(Take(Take(1)[0])),
        _ => throw _globals.Corrupt($"it uses opcode 0x{(int)opcode:x2}{(opcode is > ' ' and < '\x7f' ? $" ('{opcode}')" : "")} at byte {_at - 1}, which data without classes does not need; nothing of it was run"),
    };

    private object? Top => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw _globals.Corrupt("it takes an object from an empty stack");

    private object? Pop()
    {
        var top = Top;
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] TakeFromStack(int count)
    {
        var taken = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            taken[i] = Pop();
        return taken;
    }

    private object?[] ToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw _globals.Corrupt("it closes a group that was not opened");
        object?[] items = [.. CollectionsMarshal.AsSpan(_stack)[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private List<object?> ListAtTop() => Top as List<object?> ?? throw _globals.Corrupt("it appends to what is no list");

    private void SetItems(object?[] pairs)
    {
        var target = Top as Dictionary<object, object?> ?? throw _globals.Corrupt("it sets an item of what is no dict");
        if (pairs.Length % 2 != 0)
            throw _globals.Corrupt("it sets a key without a value");
        for (var i = 0; i < pairs.Length; i += 2)
            target[_globals.IsKey(pairs[i]) ? pairs[i]! : throw _globals.Corrupt("a dict's key is not a number or a string, or may only be a string")] = pairs[i + 1];
    }

    private object? Recall(long key) => _memo.TryGetValue(key, out var value) ? value : throw _globals.Corrupt($"it recalls object {key}, which it never stored");

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _bytes.Length - _at)
            throw _globals.Corrupt($"it ends, or claims {count} bytes, at byte {_at} of {_bytes.Length}");
        _at += (int)count;
        return _bytes.AsSpan(_at - (int)count, (int)count);
    }

    private string Line()
    {
        var length = _bytes.AsSpan(_at).IndexOf((byte)'\n');
        if (length < 0)
            throw _globals.Corrupt("it ends inside a line");
        var line = Encoding.Latin1.GetString(Take(length));
        Take(1);
        return line;
    }

    private string Utf8(long length) => Encoding.UTF8.GetString(Take(length));

    private string Text(object? value) => value as string ?? throw _globals.Corrupt("it names something by what is no string");

    private long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw _globals.Corrupt("it holds an integer that is no number of 64 bits");

    // Little-endian two's complement.
    private long Long(long length)
    {
        var bytes = Take(length);
        if (bytes.Length > sizeof(long))
            throw _globals.Corrupt($"it holds an integer of {bytes.Length} bytes");
        var value = 0L;
        for (var i = 0; i < bytes.Length; i++)
            value |= (long)bytes[i] << (8 * i);
        var unused = 64 - 8 * bytes.Length;
        return bytes.Length == 0 ? 0 : value << unused >> unused;
    }
}
