using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The magnitude of each element.</summary>
        public Tensor abs() => Ops.Abs.One(this);

        /// <summary>The exponential of each element.</summary>
        public Tensor exp() => Ops.Exp.One(this);

        /// <summary>The natural logarithm of each element.</summary>
        public Tensor log() => Ops.Log.One(this);

        /// <summary>The natural logarithm of one plus of each element.</summary>
        public Tensor log1p() => Ops.Log1p.One(this);

        /// <summary>The exponential less one of each element.</summary>
        public Tensor expm1() => Ops.Expm1.One(this);

        /// <summary>The binary logarithm of each element.</summary>
        public Tensor log2() => Ops.Log2.One(this);

        /// <summary>The square root of each element.</summary>
        public Tensor sqrt() => Ops.Sqrt.One(this);

        /// <summary>The reciprocal square root of each element.</summary>
        public Tensor rsqrt() => Ops.Rsqrt.One(this);

        /// <summary>The logistic function of each element.</summary>
        public Tensor sigmoid() => Ops.Sigmoid.One(this);

        /// <summary>The hyperbolic tangent of each element.</summary>
        public Tensor tanh() => Ops.Tanh.One(this);

        /// <summary>The sine of each element.</summary>
        public Tensor sin() => Ops.Sin.One(this);

        /// <summary>The cosine of each element.</summary>
        public Tensor cos() => Ops.Cos.One(this);

        /// <summary>The error function of each element.</summary>
        public Tensor erf() => Ops.Erf.One(this);

        /// <summary>The largest integer not above each element.</summary>
        public Tensor floor() => Ops.Floor.One(this);

        /// <summary>The smallest integer not below each element.</summary>
        public Tensor ceil() => Ops.Ceil.One(this);

        /// <summary>The nearest integer, halves to even, of each element.</summary>
        public Tensor round() => Ops.Round.One(this);

        /// <summary>The sign of each element.</summary>
        public Tensor sign() => Ops.Sign.One(this);

        /// <summary>The square of each element.</summary>
        public Tensor square() => Ops.Square.One(this);

        /// <summary>The reciprocal of each element.</summary>
        public Tensor reciprocal() => Ops.Reciprocal.One(this);

        /// <summary>The positive part of each element.</summary>
        public Tensor relu() => Ops.Relu.One(this);

        /// <summary>The negative of each element.</summary>
        public Tensor neg() => Ops.Neg.One(this);

        /// <summary>Whether finite: each element.</summary>
        public Tensor isfinite() => Ops.Isfinite.One(this);

        /// <summary>Whether not a number: each element.</summary>
        public Tensor isnan() => Ops.Isnan.One(this);

        /// <summary>Whether infinite: each element.</summary>
        public Tensor isinf() => Ops.Isinf.One(this);

        /// <summary>The logical negation of each element.</summary>
        public Tensor logical_not() => Ops.LogicalNot.One(this);

        /// <summary>Replaces each element by its magnitude.</summary>
        public Tensor abs_() => Ops.AbsInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its exponential.</summary>
        public Tensor exp_() => Ops.ExpInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its natural logarithm.</summary>
        public Tensor log_() => Ops.LogInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its square root.</summary>
        public Tensor sqrt_() => Ops.SqrtInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its logistic function.</summary>
        public Tensor sigmoid_() => Ops.SigmoidInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its hyperbolic tangent.</summary>
        public Tensor tanh_() => Ops.TanhInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its negative.</summary>
        public Tensor neg_() => Ops.NegInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its positive part.</summary>
        public Tensor relu_() => Ops.ReluInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its nearest integer.</summary>
        public Tensor round_() => Ops.RoundInPlace.InPlace(this, this);

        /// <summary>Replaces each element by its largest integer not above it.</summary>
        public Tensor floor_() => Ops.FloorInPlace.InPlace(this, this);

        /// <summary>Each element to a power.</summary>
        public Tensor pow(Scalar exponent) => Ops.PowTensorScalar.One(this, exponent);

        /// <summary>Each element to the power of another's.</summary>
        public Tensor pow(Tensor exponent) => Ops.PowTensorTensor.One(this, exponent);

        /// <summary>Raises each element to a power.</summary>
        public Tensor pow_(Scalar exponent) => Ops.PowInPlaceScalar.InPlace(this, this, exponent);

        /// <summary>Each element, cut to an interval.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) =>
            Ops.Clamp.One(this, min is null ? Arg.None : min, max is null ? Arg.None : max);

        /// <summary>Each element, cut to its own interval.</summary>
        public Tensor clamp(Tensor? min, Tensor? max = null) => Ops.ClampTensor.One(this, min, max);

        /// <summary>Cuts each element to an interval.</summary>
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) =>
            Ops.ClampInPlace.InPlace(this, this, min is null ? Arg.None : min, max is null ? Arg.None : max);

        /// <summary>Each element, at least a number.</summary>
        public Tensor clamp_min(Scalar min) => Ops.ClampMin.One(this, min);

        /// <summary>Each element, at most a number.</summary>
        public Tensor clamp_max(Scalar max) => Ops.ClampMax.One(this, max);

        /// <summary>The larger of each pair of elements.</summary>
        public Tensor maximum(Tensor other) => Ops.Maximum.One(this, other);

        /// <summary>The smaller of each pair of elements.</summary>
        public Tensor minimum(Tensor other) => Ops.Minimum.One(this, other);

        /// <summary>Exponentials that sum to one along a dimension.</summary>
        public Tensor softmax(long dim, ScalarType? dtype = null) => Ops.SoftmaxInt.One(this, dim, dtype);

        /// <summary>The logarithm of the softmax along a dimension.</summary>
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Ops.LogSoftmaxInt.One(this, dim, dtype);

        /// <summary>Running sums along a dimension.</summary>
        public Tensor cumsum(long dim, ScalarType? type = null) => Ops.Cumsum.One(this, dim, type);

        /// <summary>Elements between two tensors: this + weight (end - this).</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Ops.LerpTensor.One(this, end, weight);

        /// <summary>Elements between two tensors: this + weight (end - this).</summary>
        public Tensor lerp(Tensor end, Scalar weight) => Ops.LerpScalar.One(this, end, weight);

        /// <summary>This plus value times a product.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.Addcmul.One(this, tensor1, tensor2, value);

        /// <summary>This plus value times a quotient.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.Addcdiv.One(this, tensor1, tensor2, value);

        /// <summary>A copy with a number where the mask is true.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.MaskedFillScalar.One(this, mask, value);

        /// <summary>A copy with numbers in place of what is not finite.</summary>
        public Tensor nan_to_num(double? nan = null, double? posinf = null, double? neginf = null) =>
            Ops.NanToNum.One(this, nan is { } n ? n : Arg.None, posinf is { } p ? p : Arg.None, neginf is { } m ? m : Arg.None);
    }
}
