using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Sums of elements.</summary>
        public Tensor add(Tensor target) => Ops.AddTensor.One(this, target, 1L);

        /// <summary>This plus alpha times the other.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Ops.AddTensor.One(this, target, alpha);

        /// <summary>Each element plus a number.</summary>
        public Tensor add(Scalar scalar) => Ops.AddScalar.One(this, scalar, 1L);

        /// <summary>Adds another tensor to this one.</summary>
        public Tensor add_(Tensor target) => Ops.AddInPlaceTensor.InPlace(this, this, target, 1L);

        /// <summary>Adds alpha times another tensor to this one.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => Ops.AddInPlaceTensor.InPlace(this, this, target, alpha);

        /// <summary>Adds a number to each element.</summary>
        public Tensor add_(Scalar scalar) => Ops.AddInPlaceScalar.InPlace(this, this, scalar, 1L);

        /// <summary>Differences of elements.</summary>
        public Tensor sub(Tensor target) => Ops.SubTensor.One(this, target, 1L);

        /// <summary>Each element less a number.</summary>
        public Tensor sub(Scalar target) => Ops.SubScalar.One(this, target, 1L);

        /// <summary>Subtracts another tensor from this one.</summary>
        public Tensor sub_(Tensor target) => Ops.SubInPlaceTensor.InPlace(this, this, target, 1L);

        /// <summary>Subtracts a number from each element.</summary>
        public Tensor sub_(Scalar target) => Ops.SubInPlaceScalar.InPlace(this, this, target, 1L);

        /// <summary>Products of elements.</summary>
        public Tensor mul(Tensor target) => Ops.MulTensor.One(this, target);

        /// <summary>Each element times a number.</summary>
        public Tensor mul(Scalar target) => Ops.MulScalar.One(this, target);

        /// <summary>Multiplies this tensor by another, element by element.</summary>
        public Tensor mul_(Tensor target) => Ops.MulInPlaceTensor.InPlace(this, this, target);

        /// <summary>Multiplies each element by a number.</summary>
        public Tensor mul_(Scalar target) => Ops.MulInPlaceScalar.InPlace(this, this, target);

        /// <summary>Quotients of elements.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Ops.DivTensorMode.One(this, target, Rounding(rounding_mode));

        /// <summary>Each element divided by a number.</summary>
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Ops.DivScalarMode.One(this, target, Rounding(rounding_mode));

        /// <summary>Divides this tensor by another, element by element.</summary>
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Ops.DivInPlaceTensorMode.InPlace(this, this, target, Rounding(rounding_mode));

        /// <summary>Divides each element by a number.</summary>
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Ops.DivInPlaceScalarMode.InPlace(this, this, target, Rounding(rounding_mode));

        /// <summary>Remainders with the sign of the divisor.</summary>
        public Tensor remainder(Tensor other) => Ops.RemainderTensor.One(this, other);

        /// <summary>Remainders with the sign of the divisor.</summary>
        public Tensor remainder(Scalar other) => Ops.RemainderScalar.One(this, other);

        /// <summary>Adds value times a product to this tensor.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.AddcmulInPlace.InPlace(this, this, tensor1, tensor2, value);

        /// <summary>Adds value times a quotient to this tensor.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.AddcdivInPlace.InPlace(this, this, tensor1, tensor2, value);

        /// <summary>Adds a quotient to this tensor.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Ops.AddcdivInPlace.InPlace(this, this, tensor1, tensor2, 1L);

        /// <summary>Moves this tensor towards another: this + weight (end - this).</summary>
        public Tensor lerp_(Tensor end, Tensor weight) => Ops.LerpInPlaceTensor.InPlace(this, this, end, weight);

        /// <summary>Moves this tensor towards another: this + weight (end - this).</summary>
        public Tensor lerp_(Tensor end, Scalar weight) => Ops.LerpInPlaceScalar.InPlace(this, this, end, weight);

        /// <summary>Writes a number where the mask is true.</summary>
        public Tensor masked_fill_(Tensor mask, Scalar value) => Ops.MaskedFillInPlaceScalar.InPlace(this, this, mask, value);

        /// <summary>Overwrites this tensor with another's elements.</summary>
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Ops.CopyInPlace.InPlace(this, this, source, nonBlocking);

        /// <summary>Overwrites every element with a number.</summary>
        public Tensor fill_(Scalar value) => Ops.FillInPlaceScalar.InPlace(this, this, value);

        /// <summary>Overwrites every element with zero.</summary>
        public Tensor zero_() => Ops.ZeroInPlace.InPlace(this, this);

        /// <summary>Overwrites the elements with normal random numbers.</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Ops.NormalInPlace.InPlace(this, this, mean, std, generator);

        /// <summary>Overwrites the elements with uniform random numbers.</summary>
        public Tensor uniform_(double from = 0, double to = 1, Generator? generator = null) =>
            Ops.UniformInPlace.InPlace(this, this, from, to, generator);

        /// <summary>Overwrites the elements with ones, of probability p, and zeros.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Ops.BernoulliInPlaceFloat.InPlace(this, this, p, generator);

        /// <summary>Ones and zeros; each element is the probability of a one.</summary>
        public Tensor bernoulli(Generator? generator = null) => Ops.Bernoulli.One(this, generator);

        /// <summary>The matrix product; leading dimensions are batches.</summary>
        public Tensor matmul(Tensor target) => Ops.Matmul.One(this, target);

        /// <summary>The product of two matrices.</summary>
        public Tensor mm(Tensor target) => Ops.Mm.One(this, target);

        /// <summary>The products of two batches of matrices.</summary>
        public Tensor bmm(Tensor batch2) => Ops.Bmm.One(this, batch2);

        /// <summary>The product of a matrix and a vector.</summary>
        public Tensor mv(Tensor target) => Ops.Mv.One(this, target);

        /// <summary>The inner product of two vectors.</summary>
        public Tensor dot(Tensor target) => Ops.Dot.One(this, target);
    }
}
