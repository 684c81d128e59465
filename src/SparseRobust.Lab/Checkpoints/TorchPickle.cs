namespace SparseRobust.Lab.Checkpoints;

/// <summary>The few names a state dict of PyTorch's refers to, and what calling them gives.</summary>
/// <remarks>Source: what PyTorch writes for tensors, parameters and storages (torch/_utils.py, torch/serialization.py). Numbers lie outside the pickle, in storages that its persistent ids name.</remarks>
internal sealed class TorchPickle(Func<string, Exception> corrupt) : PickleGlobals(corrupt)
{
    // A model's weights have 1 or 2.
    private const int MostDimensions = 8;

    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    private enum Callable
    {
        Tensor,
        Parameter,
        OrderedDict,
        Size,
    }

    /// <summary>The storages that were referred to so far.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <inheritdoc/>
    public override bool HasPersistentIds => true;

    /// <inheritdoc/>
    public override object Find(string module, string name) => ($"{module}.{name}") switch
    {
        "torch._utils._rebuild_tensor_v2" => Callable.Tensor,
        "torch._utils._rebuild_parameter" => Callable.Parameter,
        "collections.OrderedDict" => Callable.OrderedDict,
        "torch.Size" => Callable.Size,
        "torch.FloatStorage" or "torch.float32" or "torch.float" => new NumberType("F32"),
        "torch.DoubleStorage" or "torch.float64" or "torch.double" => new NumberType("F64"),
        "torch.HalfStorage" or "torch.float16" or "torch.half" => new NumberType("F16"),
        "torch.BFloat16Storage" or "torch.bfloat16" => new NumberType("BF16"),
        "torch.LongStorage" or "torch.int64" or "torch.long" => new NumberType("I64"),
        "torch.IntStorage" or "torch.int32" or "torch.int" => new NumberType("I32"),
        "torch.ShortStorage" or "torch.int16" or "torch.short" => new NumberType("I16"),
        "torch.CharStorage" or "torch.int8" => new NumberType("I8"),
        "torch.ByteStorage" or "torch.uint8" => new NumberType("U8"),
        "torch.BoolStorage" or "torch.bool" => new NumberType("BOOL"),
        _ => throw Refused(module, name, "a dict of tensors (save model.state_dict() and nothing else)"),
    };

    /// <inheritdoc/>
    public override object Call(object? callable, object?[] arguments) => (callable, arguments) switch
    {
        (Callable.OrderedDict, []) => new Dictionary<object, object?>(),
        (Callable.OrderedDict, [List<object?> pairs]) => Dict(pairs),
        (Callable.Size, [object?[] dimensions]) => dimensions,
        (Callable.Tensor, [TorchStorage storage, long offset, object?[] shape, object?[] strides, bool, ..]) => Tensor(storage, offset, Numbers(shape), Numbers(strides)),
        (Callable.Parameter, [PickledTensor tensor, ..]) => tensor,
        (Callable name, _) => throw Corrupt($"it calls {name} with arguments that PyTorch does not write"),
        _ => throw Corrupt("it calls what is no function"),
    };

    /// <inheritdoc/>
    public override void Build(object? target, object? state)
    {
        // A state dict carries the versions of its modules, which change nothing.
        if (target is not Dictionary<object, object?> || state is not Dictionary<object, object?>)
            throw Corrupt("it sets a state that a dict of tensors does not have");
    }

    /// <inheritdoc/>
    public override object Persistent(object? id)
    {
        // The last place is null but in files of PyTorch before 0.4, which had storages inside storages.
        if (id is not object?[] place || place is not ["storage", NumberType type, string key, string, long numbers, .. [] or [null]] || numbers < 0)
            throw Corrupt("it refers to something outside itself that is no storage of numbers");
        var storage = new TorchStorage(key, type.DType, numbers);
        _storages[storage.Key] = storage;
        return storage;
    }

    /// <inheritdoc/>
    public override bool IsKey(object? key) => key is string;

    private Dictionary<object, object?> Dict(List<object?> pairs)
    {
        var dict = new Dictionary<object, object?>();
        foreach (var pair in pairs)
            if (pair is List<object?> and [string key, var value])
                dict[key] = value;
            else if (pair is object?[] and [string name, var item])
                dict[name] = item;
            else
                throw Corrupt("a dict's items are not pairs of a string and something");
        return dict;
    }

    private PickledTensor Tensor(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || shape.Length > MostDimensions || offset < 0 || shape.Concat(strides).Any(number => number < 0))
            throw Corrupt($"a tensor has shape {StoredTensor.Shown(shape)}, strides {StoredTensor.Shown(strides)} and offset {offset}");
        var reach = shape.Contains(0) ? 0 : (UInt128)offset + 1;
        for (var i = 0; i < shape.Length && reach > 0; i++)
            reach += (UInt128)(shape[i] - 1) * (UInt128)strides[i];
        return reach <= (UInt128)storage.Numbers
            ? new PickledTensor(storage, offset, shape, strides)
            : throw Corrupt($"a tensor of shape {StoredTensor.Shown(shape)}, strides {StoredTensor.Shown(strides)} and offset {offset} reaches beyond the {storage.Numbers} numbers of storage {PickledTensor.Shown(storage.Key)}");
    }

    private long[] Numbers(object?[] tuple) => [.. tuple.Select(item => item is long number ? number : throw Corrupt("a tensor's shape holds something that is no number"))];

    private sealed record NumberType(string DType);
}
