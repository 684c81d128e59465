using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>LibTorch's version.</summary>
    public static unsafe string __version__ => Native.Text(Native.sr_version());

    /// <summary>How LibTorch was built.</summary>
    /// <returns>Several lines of text.</returns>
    public static unsafe string show_config()
    {
        Native.Check(Native.sr_show_config(out var text));
        return Native.Text(text);
    }

    /// <summary>Opens a scope that disposes the tensors made inside it on this thread.</summary>
    /// <returns>The scope, for a using declaration.</returns>
    public static DisposeScope NewDisposeScope() => new();

    /// <summary>Runs a function in a scope of its own and keeps its result.</summary>
    /// <param name="expr">The function.</param>
    /// <returns>The result, in the enclosing scope.</returns>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(expr());
    }

    /// <summary>Stops recording operations on this thread until disposed.</summary>
    /// <returns>The guard.</returns>
    public static IDisposable no_grad() => new GradMode(false);

    /// <summary>Records operations on this thread, or not, until disposed.</summary>
    /// <param name="enabled">True to record.</param>
    /// <returns>The guard.</returns>
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    /// <summary>Records operations on this thread, or not, until disposed.</summary>
    /// <param name="mode">True to record.</param>
    /// <returns>The guard.</returns>
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    /// <summary>Whether operations are recorded on this thread.</summary>
    /// <returns>True by default.</returns>
    public static bool is_grad_enabled() => Native.sr_grad_mode() != 0;

    /// <summary>Makes tensors on this thread that can never take part in autograd, until disposed.</summary>
    /// <param name="mode">False to make ordinary ones again.</param>
    /// <returns>The guard; guards must be disposed in reverse order, on the same thread.</returns>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    /// <summary>
    /// Sets the number of threads that an operation may use, for every thread that calls operations: OpenMP keeps
    /// the number per calling thread, so each takes it over at its next operation. Thread-safe.
    /// </summary>
    /// <param name="num">At least one. The default is SPARSEROBUST_THREADS, else the number of processors.</param>
    public static void set_num_threads(int num) => Native.Check(Native.sr_set_num_threads(num));

    /// <summary>The number of threads that an operation of this thread may use.</summary>
    /// <returns>At least one.</returns>
    public static int get_num_threads()
    {
        Native.Check(Native.sr_get_num_threads(out var count));
        return count;
    }

    /// <summary>Whether a GPU can be used.</summary>
    /// <returns>True with a driver and a LibTorch built for it.</returns>
    public static bool cuda_is_available() => Native.sr_cuda_is_available() != 0;

    /// <summary>GPUs.</summary>
    public static class cuda
    {
        /// <summary>Whether a GPU can be used.</summary>
        /// <returns>True with a driver and a LibTorch built for it.</returns>
        public static bool is_available() => cuda_is_available();
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        internal GradMode(bool enabled) => Native.sr_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => Native.sr_set_grad_mode(_before ? 1 : 0);
    }

    private sealed class InferenceMode : IDisposable
    {
        private nint _guard;

        internal InferenceMode(bool mode) => Native.Check(Native.sr_enter_inference_mode(mode ? 1 : 0, out _guard));

        public void Dispose()
        {
            Native.sr_leave_inference_mode(_guard);
            _guard = 0;
        }
    }
}
