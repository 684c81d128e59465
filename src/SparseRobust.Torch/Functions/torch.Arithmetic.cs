using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>Sums of elements.</summary>
    public static Tensor add(Tensor input, Tensor target) => input.add(target);

    /// <summary>This plus alpha times the other.</summary>
    public static Tensor add(Tensor input, Tensor target, Scalar alpha) => input.add(target, alpha);

    /// <summary>Each element plus a number.</summary>
    public static Tensor add(Tensor input, Scalar scalar) => input.add(scalar);

    /// <summary>Differences of elements.</summary>
    public static Tensor sub(Tensor input, Tensor target) => input.sub(target);

    /// <summary>Each element less a number.</summary>
    public static Tensor sub(Tensor input, Scalar target) => input.sub(target);

    /// <summary>Products of elements.</summary>
    public static Tensor mul(Tensor input, Tensor target) => input.mul(target);

    /// <summary>Each element times a number.</summary>
    public static Tensor mul(Tensor input, Scalar target) => input.mul(target);

    /// <summary>Quotients of elements.</summary>
    public static Tensor div(Tensor input, Tensor target, RoundingMode rounding_mode = RoundingMode.None) => input.div(target, rounding_mode);

    /// <summary>Each element divided by a number.</summary>
    public static Tensor div(Tensor input, Scalar target, RoundingMode rounding_mode = RoundingMode.None) => input.div(target, rounding_mode);

    /// <summary>Remainders with the sign of the divisor.</summary>
    public static Tensor remainder(Tensor input, Tensor other) => input.remainder(other);

    /// <summary>Remainders with the sign of the divisor.</summary>
    public static Tensor remainder(Tensor input, Scalar other) => input.remainder(other);

    /// <summary>Ones and zeros; each element is the probability of a one.</summary>
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    /// <summary>The matrix product; leading dimensions are batches.</summary>
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    /// <summary>The product of two matrices.</summary>
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    /// <summary>The products of two batches of matrices.</summary>
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    /// <summary>The product of a matrix and a vector.</summary>
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    /// <summary>The inner product of two vectors.</summary>
    public static Tensor dot(Tensor input, Tensor target) => input.dot(target);

    /// <summary>beta times input plus alpha times a matrix product.</summary>
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
        Ops.Addmm.One(input, mat1, mat2, (double)beta, (double)alpha);

    /// <summary>Sums of products in Einstein's notation.</summary>
    public static Tensor einsum(string equation, params Tensor[] tensors) => Ops.Einsum.One(equation, tensors, Arg.None);
}
