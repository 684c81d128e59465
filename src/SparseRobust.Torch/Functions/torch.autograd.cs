using SparseRobust.Torch.Interop;

namespace SparseRobust.Torch;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Adds the gradients of this one-element tensor to the leaves that it came from.</summary>
        public void backward() => autograd.backward([this]);

        /// <summary>Adds the gradients of this tensor to the leaves that it came from.</summary>
        /// <param name="grad_tensors">The gradient of this tensor; null for a one-element tensor.</param>
        /// <param name="retain_graph">Whether the graph can be used again.</param>
        /// <param name="create_graph">Whether the gradients can be differentiated themselves.</param>
        /// <param name="inputs">The only leaves to add to; null for all.</param>
        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    /// <summary>Gradients by reverse differentiation.</summary>
    public static unsafe class autograd
    {
        /// <summary>Adds the gradients of tensors to the leaves that they came from.</summary>
        /// <param name="tensors">What to differentiate.</param>
        /// <param name="grad_tensors">The gradients of those; null for one-element tensors.</param>
        /// <param name="retain_graph">Whether the graph can be used again; null follows create_graph.</param>
        /// <param name="create_graph">Whether the gradients can be differentiated themselves.</param>
        /// <param name="inputs">The only leaves to add to; null for all.</param>
        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var outputs = Pointers(tensors);
            var gradients = grad_tensors is null ? null : Pointers(grad_tensors);
            RequireMatch(outputs, gradients);
            var leaves = inputs is null ? [] : Pointers(inputs);
            fixed (nint* first = outputs, second = gradients, third = leaves)
            {
                var retain = retain_graph ?? create_graph ? 1 : 0;
                Native.Check(Native.sr_backward(first, outputs.Length, second, retain, create_graph ? 1 : 0, third, leaves.Length));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>Adds the gradients of a tensor to the leaves that it came from.</summary>
        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Adds the gradients of a tensor to the leaves that it came from.</summary>
        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The gradients of outputs with respect to inputs; leaves keep their own gradients.</summary>
        /// <param name="outputs">What to differentiate.</param>
        /// <param name="inputs">By what.</param>
        /// <param name="grad_outputs">The gradients of the outputs; null for one-element tensors.</param>
        /// <param name="retain_graph">Whether the graph can be used again.</param>
        /// <param name="create_graph">Whether the gradients can be differentiated themselves.</param>
        /// <param name="allow_unused">Whether an input may be unconnected; its gradient is then null.</param>
        /// <returns>One gradient an input.</returns>
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            var from = Pointers(outputs);
            var by = Pointers(inputs);
            var gradients = grad_outputs is null ? null : Pointers(grad_outputs);
            RequireMatch(from, gradients);
            var results = new nint[by.Length];
            fixed (nint* first = from, second = by, third = gradients, last = results)
            {
                var retain = retain_graph || create_graph ? 1 : 0;
                Native.Check(Native.sr_grad(
                    first, from.Length, second, by.Length, third, retain, create_graph ? 1 : 0, allow_unused ? 1 : 0, last));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, pointer => pointer == 0 ? null! : new Tensor(pointer));
        }

        private static void RequireMatch(nint[] outputs, nint[]? gradients)
        {
            if (gradients is not null && gradients.Length != outputs.Length)
                throw new ArgumentException($"{gradients.Length} gradients do not fit {outputs.Length} tensors.");
        }

        private static nint[] Pointers(IList<Tensor> tensors)
        {
            var pointers = new nint[tensors.Count];
            for (var i = 0; i < pointers.Length; i++)
                pointers[i] = tensors[i]?.Pointer ?? 0;
            return pointers;
        }
    }
}
