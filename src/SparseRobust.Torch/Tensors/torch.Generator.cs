using System.Runtime.InteropServices;
using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>The processor's default generator of random numbers.</summary>
    public static Generator default_generator => new(Generator.Default);

    /// <summary>Seeds the default generators of all devices.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>The processor's default generator.</returns>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.sr_manual_seed(unchecked((ulong)seed)));
        return default_generator;
    }

    /// <summary>The state of the processor's default generator.</summary>
    /// <returns>A byte tensor.</returns>
    public static Tensor get_rng_state() => default_generator.get_state();

    /// <summary>Restores the state of the processor's default generator.</summary>
    /// <param name="new_state">What <see cref="get_rng_state"/> gave.</param>
    public static void set_rng_state(Tensor new_state) => default_generator.set_state(new_state);

    /// <summary>A generator of random numbers on the processor.</summary>
    public sealed class Generator : IDisposable
    {
        private readonly Handle _handle;

        /// <summary>Makes a generator of its own.</summary>
        /// <param name="seed">The seed.</param>
        /// <param name="device">The processor, or null.</param>
        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is not null && device.type != DeviceType.CPU)
                throw new NotSupportedException("Only generators of the processor can be made.");
            Native.Check(Native.sr_new_generator(seed, out var pointer));
            _handle = new Handle(pointer);
        }

        internal Generator(Handle handle, Device? device = null)
        {
            _handle = handle;
            this.device = device ?? CPU;
        }

        internal static Handle Default { get; } = OfDevice(CPU);

        /// <summary>The device of the generator.</summary>
        public Device device { get; } = CPU;

        internal nint Pointer
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
                return _handle.Pointer;
            }
        }

        /// <summary>The seed last set.</summary>
        /// <returns>The seed.</returns>
        public long initial_seed()
        {
            Native.Check(Native.sr_generator_seed(Pointer, out var seed));
            return unchecked((long)seed);
        }

        /// <summary>Seeds the generator.</summary>
        /// <param name="seed">The seed.</param>
        /// <returns>The generator itself.</returns>
        public Generator manual_seed(long seed)
        {
            Native.Check(Native.sr_generator_set_seed(Pointer, unchecked((ulong)seed)));
            return this;
        }

        /// <summary>The generator's state, to go on from there later.</summary>
        /// <returns>A byte tensor.</returns>
        public Tensor get_state()
        {
            Native.Check(Native.sr_generator_get_state(Pointer, out var state));
            return new Tensor(state);
        }

        /// <summary>Restores a state.</summary>
        /// <param name="value">What <see cref="get_state"/> gave.</param>
        public void set_state(Tensor value)
        {
            Native.Check(Native.sr_generator_set_state(Pointer, value.Pointer));
            GC.KeepAlive(value);
        }

        /// <summary>Frees a generator of its own; the default one stays.</summary>
        public void Dispose()
        {
            if (!ReferenceEquals(_handle, Default))
                _handle.Dispose();
        }

        internal static Handle OfDevice(Device device)
        {
            Native.Check(Native.sr_device_generator((int)device.type, device.index, out var pointer));
            return new Handle(pointer);
        }

        /// <summary>Owns a native generator.</summary>
        internal sealed class Handle : SafeHandle
        {
            internal Handle(nint pointer)
                : base(0, ownsHandle: true) => SetHandle(pointer);

            public override bool IsInvalid => handle == 0;

            internal nint Pointer => handle;

            protected override bool ReleaseHandle()
            {
                Native.sr_free_generator(handle);
                return true;
            }
        }
    }
}
