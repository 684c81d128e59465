namespace SparseRobust.Torch;

public static partial class torch
{
    /// <summary>Whether each element is equal to the other tensor's.</summary>
    public static Tensor eq(Tensor input, Tensor target) => input.eq(target);

    /// <summary>Whether each element is equal to a number.</summary>
    public static Tensor eq(Tensor input, Scalar target) => input.eq(target);

    /// <summary>Whether each element is different from the other tensor's.</summary>
    public static Tensor ne(Tensor input, Tensor target) => input.ne(target);

    /// <summary>Whether each element is different from a number.</summary>
    public static Tensor ne(Tensor input, Scalar target) => input.ne(target);

    /// <summary>Whether each element is greater than the other tensor's.</summary>
    public static Tensor gt(Tensor left, Tensor right) => left.gt(right);

    /// <summary>Whether each element is greater than a number.</summary>
    public static Tensor gt(Tensor left, Scalar right) => left.gt(right);

    /// <summary>Whether each element is at least the other tensor's.</summary>
    public static Tensor ge(Tensor input, Tensor target) => input.ge(target);

    /// <summary>Whether each element is at least a number.</summary>
    public static Tensor ge(Tensor input, Scalar target) => input.ge(target);

    /// <summary>Whether each element is less than the other tensor's.</summary>
    public static Tensor lt(Tensor input, Tensor target) => input.lt(target);

    /// <summary>Whether each element is less than a number.</summary>
    public static Tensor lt(Tensor input, Scalar target) => input.lt(target);

    /// <summary>Whether each element is at most the other tensor's.</summary>
    public static Tensor le(Tensor input, Tensor target) => input.le(target);

    /// <summary>Whether each element is at most a number.</summary>
    public static Tensor le(Tensor input, Scalar target) => input.le(target);

    /// <summary>Whether both elements are true.</summary>
    public static Tensor logical_and(Tensor input, Tensor other) => input.logical_and(other);

    /// <summary>Whether either element is true.</summary>
    public static Tensor logical_or(Tensor input, Tensor other) => input.logical_or(other);

    /// <summary>Whether exactly one element is true.</summary>
    public static Tensor logical_xor(Tensor input, Tensor other) => input.logical_xor(other);

    /// <summary>The bits set in both.</summary>
    public static Tensor bitwise_and(Tensor input, Tensor other) => input.bitwise_and(other);

    /// <summary>The bits set in either.</summary>
    public static Tensor bitwise_or(Tensor input, Tensor other) => input.bitwise_or(other);

    /// <summary>The bits turned over.</summary>
    public static Tensor bitwise_not(Tensor input) => input.bitwise_not();

    /// <summary>Whether both tensors have one shape and equal elements.</summary>
    public static bool equal(Tensor input, Tensor target) => input.equal(target);

    /// <summary>Whether all elements are within atol + rtol |target| of each other.</summary>
    public static bool allclose(Tensor input, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
        input.allclose(target, rtol, atol, equal_nan);

    /// <summary>Whether each element is within atol + rtol |other| of the other.</summary>
    public static Tensor isclose(Tensor input, Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
        input.isclose(other, rtol, atol, nanEqual);

    /// <summary>Whether each element occurs among others.</summary>
    public static Tensor isin(Tensor input, Tensor test_elements) => input.isin(test_elements);
}
