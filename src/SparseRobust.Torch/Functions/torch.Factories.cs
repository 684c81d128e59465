using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Zeros.One(size, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Zeros.One(size.ToArray(), dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Zeros.One(new[] { size }, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Ones.One(size, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Ones.One(size.ToArray(), dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Ones.One(new[] { size }, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of elements not yet written.</summary>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.EmptyMemoryFormat.One(size, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>A tensor of elements not yet written.</summary>
    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.EmptyMemoryFormat.One(size.ToArray(), dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>A tensor of elements not yet written.</summary>
    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.EmptyMemoryFormat.One(new[] { size }, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>A tensor of one number.</summary>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Full.One(size, value, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of one number.</summary>
    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Full.One(size.ToArray(), value, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of one number.</summary>
    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.Full.One(new[] { size }, value, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of uniform random numbers in [0, 1).</summary>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandGenerator.One(size, generator, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of uniform random numbers in [0, 1).</summary>
    public static Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandGenerator.One(size.ToArray(), generator, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of uniform random numbers in [0, 1).</summary>
    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandGenerator.One(new[] { size }, generator, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of normal random numbers.</summary>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandnGenerator.One(size, generator, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of normal random numbers.</summary>
    public static Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandnGenerator.One(size.ToArray(), generator, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>A tensor of normal random numbers.</summary>
    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandnGenerator.One(new[] { size }, generator, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>Random integers from low up to but without high.</summary>
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Track(Ops.RandintLowGenerator.One(low, high, size.Shape, generator, dtype ?? ScalarType.Int64, Arg.None, device, Arg.None), requires_grad);

    /// <summary>Random integers from zero up to but without high.</summary>
    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    /// <summary>Random integers from zero up to but without high.</summary>
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator);

    /// <summary>The integers below n in random order.</summary>
    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Track(Ops.RandpermGenerator.One(n, generator, dtype ?? ScalarType.Int64, Arg.None, device, Arg.None), requires_grad);

    /// <summary>Writes the integers below n in random order.</summary>
    public static Tensor randperm(long n, Tensor @out, Generator? generator = null) => Ops.RandpermGeneratorOut.InPlace(@out, n, generator, @out);

    /// <summary>Numbers from start up to but without stop, by step.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Track(Ops.ArangeStartStep.One(start, stop, step, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>Numbers from start up to but without stop, by one.</summary>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>Numbers from zero up to but without stop, by one.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>Evenly spaced numbers, both ends included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Track(Ops.Linspace.One(start, end, steps, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>The identity matrix.</summary>
    public static Tensor eye(long rows, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Track(Ops.Eye.One(rows, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>Zeros in another tensor's shape.</summary>
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.ZerosLike.One(input, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>Ones in another tensor's shape.</summary>
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.OnesLike.One(input, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>Elements not yet written, in another tensor's shape.</summary>
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.EmptyLike.One(input, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>One number in another tensor's shape.</summary>
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.FullLike.One(input, value, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>Uniform random numbers in another tensor's shape.</summary>
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.RandLike.One(input, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>Normal random numbers in another tensor's shape.</summary>
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Track(Ops.RandnLike.One(input, dtype, Arg.None, device, Arg.None, Arg.None), requires_grad);

    /// <summary>A vector whose memory is a file's, mapped and not read: elements come from the disk when they are used.</summary>
    /// <param name="filename">The file, elements one after another in the machine's byte order.</param>
    /// <param name="shared">True to write changes to the file, which is made or made longer when need be; null and false keep them private.</param>
    /// <param name="size">The number of elements; without shared the file must hold them.</param>
    /// <param name="dtype">The element type; null is Float32.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <exception cref="Interop.TorchException">The file is missing or too short, or cannot be mapped.</exception>
    public static Tensor from_file(string filename, bool? shared = null, long? size = 0, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Track(Ops.FromFile.One(filename, shared is { } writes ? writes : Arg.None, size, dtype, Arg.None, device, Arg.None), requires_grad);

    /// <summary>Indices drawn with the probabilities of each row.</summary>
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        Ops.Multinomial.One(input, num_samples, replacement, generator);
}
