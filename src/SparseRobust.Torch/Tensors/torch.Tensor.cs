using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>
    /// An n-dimensional array of numbers, held by LibTorch. Belongs to the thread's current
    /// <see cref="DisposeScope"/>, if there is one, which disposes it.
    /// </summary>
    /// <remarks>Reading from several threads is safe; changing, disposing and scopes are not.</remarks>
    public partial class Tensor : IDisposable
    {
        private readonly TensorHandle _handle;

        internal Tensor(nint pointer)
        {
            _handle = new TensorHandle(pointer);
            DisposeScope.Current?.Add(this);
        }

        /// <summary>The native object, as an identity.</summary>
        public nint Handle => Pointer;

        /// <summary>Whether the tensor has been disposed.</summary>
        public bool IsInvalid => _handle.IsClosed;

        /// <summary>The size of each dimension.</summary>
        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Info.Dimensions];
                fixed (long* first = sizes)
                    Native.Check(Native.sr_sizes(Pointer, first));
                GC.KeepAlive(this);
                return sizes;
            }
        }

        /// <summary>The element type.</summary>
        public ScalarType dtype => (ScalarType)Info.DType;

        /// <summary>The device.</summary>
        public Device device => Info is { } info && info.DeviceType == 0 ? CPU : new Device(device_type, device_index);

        /// <summary>The device's type.</summary>
        public DeviceType device_type => (DeviceType)Info.DeviceType;

        /// <summary>The device's index; -1 on the processor.</summary>
        public int device_index => Info.DeviceIndex;

        /// <summary>The number of elements.</summary>
        public long NumberOfElements => Info.NumberOfElements;

        /// <summary>The bytes of one element.</summary>
        public long ElementSize => Info.ElementSize;

        /// <summary>The number of dimensions.</summary>
        public long Dimensions => Info.Dimensions;

        /// <summary>The number of dimensions.</summary>
        public long ndim => Info.Dimensions;

        /// <summary>Whether the tensor was made by the caller, not by a recorded operation.</summary>
        public bool is_leaf => Info.IsLeaf;

        /// <summary>Whether the tensor is a sparse one.</summary>
        public bool is_sparse => Info.IsSparse;

        /// <summary>Whether operations on the tensor are recorded for <see cref="backward()"/>.</summary>
        public bool requires_grad
        {
            get => Info.RequiresGrad;
            set => requires_grad_(value);
        }

        /// <summary>The gradient that backward added up, or null. Each read makes a new tensor object.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.sr_get_grad(Pointer, out var gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                Native.Check(Native.sr_set_grad(Pointer, value?.Pointer ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        internal DisposeScope? OwningScope { get; set; }

        internal int ScopeSlot { get; set; }

        internal nint Pointer
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
                return _handle.Pointer;
            }
        }

        internal TensorInfo Info
        {
            get
            {
                Native.Check(Native.sr_info(Pointer, out var info));
                GC.KeepAlive(this);
                return info;
            }
        }

        /// <summary>The number of elements.</summary>
        /// <returns>The product of the sizes.</returns>
        public long numel() => NumberOfElements;

        /// <summary>The number of dimensions.</summary>
        /// <returns>The length of the shape.</returns>
        public long dim() => Dimensions;

        /// <summary>The size of each dimension.</summary>
        /// <returns>The shape.</returns>
        public Size size() => shape;

        /// <summary>The size of one dimension.</summary>
        /// <param name="dim">Which; negative counts from the end.</param>
        /// <returns>The size.</returns>
        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        /// <summary>The distance, in elements, between neighbours along each dimension.</summary>
        /// <returns>One stride a dimension.</returns>
        public unsafe long[] stride()
        {
            var strides = new long[Info.Dimensions];
            fixed (long* first = strides)
                Native.Check(Native.sr_strides(Pointer, first));
            GC.KeepAlive(this);
            return strides;
        }

        /// <summary>Whether the elements lie in memory in the order of their indices.</summary>
        /// <returns>True for a tensor without gaps.</returns>
        public bool is_contiguous() => Info.IsContiguous;

        /// <summary>Whether the elements are floating-point numbers.</summary>
        /// <returns>True for Float16, BFloat16, Float32 and Float64.</returns>
        public bool is_floating_point() =>
            dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

        /// <summary>Sets whether operations on the tensor are recorded.</summary>
        /// <param name="requires_grad">True to record.</param>
        /// <returns>The tensor itself.</returns>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            Native.Check(Native.sr_set_requires_grad(Pointer, requires_grad ? 1 : 0));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Hands the tensor to the scope around its own; without one, to the caller.</summary>
        /// <returns>The tensor itself.</returns>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of every scope: its holder must dispose it.</summary>
        /// <returns>The tensor itself.</returns>
        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Remove(this);
            return this;
        }

        /// <summary>Another object for the same tensor, with its own life.</summary>
        /// <returns>The alias, in the current scope.</returns>
        public Tensor alias()
        {
            Native.Check(Native.sr_alias_tensor(Pointer, out var copy));
            GC.KeepAlive(this);
            return new Tensor(copy);
        }

        /// <summary>Frees the tensor's memory, unless other tensors or the autograd graph still use it.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <inheritdoc/>
        public override unsafe string ToString()
        {
            if (IsInvalid)
                return "disposed tensor";
            Native.Check(Native.sr_to_string(Pointer, out var text));
            GC.KeepAlive(this);
            return Native.Text(text);
        }

        /// <summary>Frees the native reference.</summary>
        /// <param name="disposing">True when called by Dispose.</param>
        protected virtual void Dispose(bool disposing)
        {
            OwningScope?.Remove(this);
            _handle.Dispose();
        }
    }
}
