using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseRobust.Torch.Interop;

/// <summary>An operator of LibTorch's dispatcher, looked up at its first call.</summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int StackWords = 64;

    private nint _handle;

    /// <summary>The operator's full name, as in <c>aten::add.Tensor</c>.</summary>
    internal string Name => overload.Length == 0 ? name : $"{name}.{overload}";

    /// <summary>The dispatcher's handle; throws when LibTorch has no such operator.</summary>
    internal nint Handle => _handle != 0 ? _handle : Find();

    /// <summary>Calls an operator whose result is one tensor.</summary>
    internal torch.Tensor One(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return new torch.Tensor(result.Pointer);
    }

    /// <summary>Calls an operator whose result is two tensors.</summary>
    internal (torch.Tensor First, torch.Tensor Second) Two(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc Value[2];
        Invoke(args, results, 2);
        return (new torch.Tensor(results[0].Pointer), new torch.Tensor(results[1].Pointer));
    }

    /// <summary>Calls an operator whose result is three tensors.</summary>
    internal (torch.Tensor First, torch.Tensor Second, torch.Tensor Third) Three(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc Value[3];
        Invoke(args, results, 3);
        return (new torch.Tensor(results[0].Pointer), new torch.Tensor(results[1].Pointer), new torch.Tensor(results[2].Pointer));
    }

    /// <summary>Calls an operator whose result is a list of tensors.</summary>
    internal torch.Tensor[] Many(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        var tensors = new torch.Tensor[result.Size];
        var items = (nint*)result.Pointer;
        for (var i = 0; i < tensors.Length; i++)
            tensors[i] = new torch.Tensor(items[i]);
        Native.sr_free_list(result.Pointer);
        return tensors;
    }

    /// <summary>Calls an operator whose result is a number or a truth value.</summary>
    internal Value Plain(params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(args, &result, 1);
        return result;
    }

    /// <summary>Calls an operator that changes its first argument, which is also the result.</summary>
    internal torch.Tensor InPlace(torch.Tensor self, params ReadOnlySpan<Arg> args)
    {
        Invoke(args, null, 0);
        return self;
    }

    private nint Find()
    {
        Native.Check(Native.sr_find_operator(name, overload, out var handle));
        return _handle = handle;
    }

    private void Invoke(ReadOnlySpan<Arg> args, Value* results, int wanted)
    {
        var words = 0;
        foreach (ref readonly var arg in args)
            words += arg.Words;
        if (words <= StackWords)
        {
            var buffer = stackalloc long[StackWords];
            Invoke(args, buffer, results, wanted);
            return;
        }
        var heap = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try
        {
            Invoke(args, heap, results, wanted);
        }
        finally
        {
            NativeMemory.Free(heap);
        }
    }

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> args, long* buffer, Value* results, int wanted)
    {
        var values = stackalloc Value[args.Length];
        for (var i = 0; i < args.Length; i++)
            values[i] = args[i].Lower(ref buffer);
        var status = Native.sr_call(Handle, values, args.Length, results, wanted);
        foreach (ref readonly var arg in args)
            GC.KeepAlive(arg.Owner);
        Native.Check(status);
    }
}
