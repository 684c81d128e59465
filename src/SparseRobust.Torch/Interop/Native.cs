using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SparseRobust.Torch.Interop;

/// <summary>The native shim's exports, and the one place that turns a failure status into an exception.</summary>
internal static unsafe partial class Native
{
    internal const string Library = "sparserobust_torch";
    private const int OutOfMemory = 2;

    static Native() => NativeEnvironment.Prepare();

    /// <summary>Makes certain that the environment is prepared and the library can be found.</summary>
    internal static void Load() => RuntimeHelpers.RunClassConstructor(typeof(Native).TypeHandle);

    /// <summary>Raises a <see cref="TorchException"/> unless the status is success.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(int status)
    {
        if (status != 0)
            Throw(status);
    }

    internal static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? string.Empty;

    private static void Throw(int status) => throw new TorchException(Text(sr_error_message()), status == OutOfMemory);

    [LibraryImport(Library)] internal static partial byte* sr_error_message();
    [LibraryImport(Library)] internal static partial byte* sr_version();
    [LibraryImport(Library)] internal static partial int sr_show_config(out byte* text);
    [LibraryImport(Library)] internal static partial int sr_cuda_is_available();
    [LibraryImport(Library)] internal static partial int sr_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int sr_get_num_threads(out int count);
    [LibraryImport(Library)] internal static partial int sr_cuda_peak_memory(int index, out long bytes);
    [LibraryImport(Library)] internal static partial int sr_cuda_reset_peak_memory(int index);
    [LibraryImport(Library)] internal static partial int sr_cpu_capability(out byte* name);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int sr_set_cpu_capability(string name);
    [LibraryImport(Library)] internal static partial int sr_use_caching_allocator(long limit);
    [LibraryImport(Library)] internal static partial long sr_cached_bytes();
    [LibraryImport(Library)] internal static partial void sr_release_cache();
    [LibraryImport(Library)] internal static partial int sr_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial int sr_device_generator(int deviceType, int index, out nint generator);
    [LibraryImport(Library)] internal static partial int sr_new_generator(ulong seed, out nint generator);
    [LibraryImport(Library)] internal static partial void sr_free_generator(nint generator);
    [LibraryImport(Library)] internal static partial int sr_generator_seed(nint generator, out ulong seed);
    [LibraryImport(Library)] internal static partial int sr_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int sr_generator_get_state(nint generator, out nint state);
    [LibraryImport(Library)] internal static partial int sr_generator_set_state(nint generator, nint state);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sr_find_operator(string name, string overload, out nint op);
    [LibraryImport(Library)] internal static partial int sr_call(nint op, Value* args, int argCount, Value* results, int wanted);
    [LibraryImport(Library)] internal static partial void sr_free_list(nint items);

    [LibraryImport(Library)] internal static partial void sr_free_tensor(nint tensor);
    [LibraryImport(Library)] internal static partial int sr_alias_tensor(nint tensor, out nint alias);
    [LibraryImport(Library)] internal static partial int sr_tensor_from_data(void* data, long* sizes, int dim, int dtype, out nint result);
    [LibraryImport(Library)] internal static partial int sr_info(nint tensor, out TensorInfo info);
    [LibraryImport(Library)] internal static partial int sr_sizes(nint tensor, long* sizes);
    [LibraryImport(Library)] internal static partial int sr_strides(nint tensor, long* strides);
    [LibraryImport(Library)] internal static partial int sr_data_pointer(nint tensor, out nint data);
    [LibraryImport(Library)] internal static partial int sr_item(nint tensor, out Value result);
    [LibraryImport(Library)] internal static partial int sr_to_string(nint tensor, out byte* text);

    [LibraryImport(Library)] internal static partial int sr_get_grad(nint tensor, out nint grad);
    [LibraryImport(Library)] internal static partial int sr_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int sr_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int sr_set_data(nint tensor, nint data);
    [LibraryImport(Library)]
    internal static partial int sr_backward(nint* outputs, int count, nint* gradients, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial int sr_grad(
        nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradients, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial int sr_grad_mode();
    [LibraryImport(Library)] internal static partial void sr_set_grad_mode(int enabled);
    [LibraryImport(Library)] internal static partial int sr_enter_inference_mode(int enabled, out nint guard);
    [LibraryImport(Library)] internal static partial void sr_leave_inference_mode(nint guard);

    [LibraryImport(Library)] internal static partial int sr_enter_autocast(int deviceType, int enabled, int dtype, out nint region);
    [LibraryImport(Library)] internal static partial void sr_leave_autocast(nint region);
    [LibraryImport(Library)] internal static partial int sr_autocast_type(int deviceType, out int dtype);

    [LibraryImport(Library)] internal static partial int sr_adamw_step(in AdamWState state, int count, in AdamWOptions options);
    [LibraryImport(Library)]
    internal static partial int sr_clip_grad_norm(nint* parameters, int count, double maxNorm, double normType, out double totalNorm);
    [LibraryImport(Library)]
    internal static partial int sr_clip_grad_norm_on_device(nint* parameters, int count, double maxNorm, out nint totalNorm);
}
