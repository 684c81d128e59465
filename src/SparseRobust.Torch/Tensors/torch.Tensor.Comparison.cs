using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether each element is equal to the other tensor's.</summary>
        public Tensor eq(Tensor target) => Ops.EqTensor.One(this, target);

        /// <summary>Whether each element is equal to a number.</summary>
        public Tensor eq(Scalar target) => Ops.EqScalar.One(this, target);

        /// <summary>Whether each element is different from the other tensor's.</summary>
        public Tensor ne(Tensor target) => Ops.NeTensor.One(this, target);

        /// <summary>Whether each element is different from a number.</summary>
        public Tensor ne(Scalar target) => Ops.NeScalar.One(this, target);

        /// <summary>Whether each element is greater than the other tensor's.</summary>
        public Tensor gt(Tensor target) => Ops.GtTensor.One(this, target);

        /// <summary>Whether each element is greater than a number.</summary>
        public Tensor gt(Scalar target) => Ops.GtScalar.One(this, target);

        /// <summary>Whether each element is at least the other tensor's.</summary>
        public Tensor ge(Tensor target) => Ops.GeTensor.One(this, target);

        /// <summary>Whether each element is at least a number.</summary>
        public Tensor ge(Scalar target) => Ops.GeScalar.One(this, target);

        /// <summary>Whether each element is less than the other tensor's.</summary>
        public Tensor lt(Tensor target) => Ops.LtTensor.One(this, target);

        /// <summary>Whether each element is less than a number.</summary>
        public Tensor lt(Scalar target) => Ops.LtScalar.One(this, target);

        /// <summary>Whether each element is at most the other tensor's.</summary>
        public Tensor le(Tensor target) => Ops.LeTensor.One(this, target);

        /// <summary>Whether each element is at most a number.</summary>
        public Tensor le(Scalar target) => Ops.LeScalar.One(this, target);

        /// <summary>Whether both elements are true.</summary>
        public Tensor logical_and(Tensor other) => Ops.LogicalAnd.One(this, other);

        /// <summary>Whether either element is true.</summary>
        public Tensor logical_or(Tensor other) => Ops.LogicalOr.One(this, other);

        /// <summary>Whether exactly one element is true.</summary>
        public Tensor logical_xor(Tensor other) => Ops.LogicalXor.One(this, other);

        /// <summary>The bits set in both.</summary>
        public Tensor bitwise_and(Tensor other) => Ops.BitwiseAndTensor.One(this, other);

        /// <summary>The bits set in either.</summary>
        public Tensor bitwise_or(Tensor other) => Ops.BitwiseOrTensor.One(this, other);

        /// <summary>The bits turned over.</summary>
        public Tensor bitwise_not() => Ops.BitwiseNot.One(this);

        /// <summary>Whether both tensors have one shape and equal elements.</summary>
        public bool equal(Tensor target) => Ops.Equal.Plain(this, target).Int != 0;

        /// <summary>Whether all elements are within atol + rtol |target| of each other.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Ops.Allclose.Plain(this, target, rtol, atol, equal_nan).Int != 0;

        /// <summary>Whether each element is within atol + rtol |other| of the other.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Ops.Isclose.One(this, other, rtol, atol, nanEqual);

        /// <summary>Whether each element occurs among others.</summary>
        public Tensor isin(Tensor test_elements) => Ops.IsinTensorTensor.One(this, test_elements, false, false);
    }
}
