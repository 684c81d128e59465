namespace SparseRobust.Torch;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            internal void MoveAll(Device? device, ScalarType? type)
            {
                using var scope = NewDisposeScope();
                using var guard = no_grad();
                foreach (var parameter in parameters())
                {
                    Convert(parameter, device, type);
                    if (parameter.grad is { } gradient)
                    {
                        parameter.grad = null;
                        parameter.grad = gradient.to(parameter.dtype, parameter.device);
                    }
                }
                foreach (var (_, buffer) in named_buffers())
                    Convert(buffer, device, type);
            }

            // The object keeps its identity, so optimizers, fields and masks that hold it see the change.
            private static void Convert(Tensor tensor, Device? device, ScalarType? type)
            {
                var wanted = tensor.is_floating_point() ? type ?? tensor.dtype : tensor.dtype;
                var moved = tensor.detach().to(wanted, device ?? tensor.device);
                if (!ReferenceEquals(moved, tensor))
                    tensor.SetData(moved);
            }
        }
    }
}

/// <summary>Moves that keep the module's own type, as TorchSharp has them.</summary>
public static class ModuleExtensionMethods
{
    /// <summary>Moves parameters and buffers to a device, in place.</summary>
    /// <typeparam name="T">The module's type.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="device">The device.</param>
    /// <param name="type">A floating-point type to convert to; null keeps each.</param>
    /// <returns>The module itself.</returns>
    public static T to<T>(this T module, torch.Device device, torch.ScalarType? type = null)
        where T : torch.nn.Module
    {
        module.MoveAll(device, type);
        return module;
    }

    /// <summary>Moves parameters and buffers to a device, in place.</summary>
    /// <typeparam name="T">The module's type.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="deviceType">The device's type.</param>
    /// <param name="deviceIndex">The device's index.</param>
    /// <returns>The module itself.</returns>
    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1)
        where T : torch.nn.Module => module.to(new torch.Device(deviceType, deviceIndex));

    /// <summary>Converts floating-point parameters and buffers to another type, in place.</summary>
    /// <typeparam name="T">The module's type.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="type">The type.</param>
    /// <returns>The module itself.</returns>
    public static T to<T>(this T module, torch.ScalarType type)
        where T : torch.nn.Module
    {
        module.MoveAll(null, type);
        return module;
    }

    /// <summary>Moves parameters and buffers to the processor, in place.</summary>
    /// <typeparam name="T">The module's type.</typeparam>
    /// <param name="module">The module.</param>
    /// <returns>The module itself.</returns>
    public static T cpu<T>(this T module)
        where T : torch.nn.Module => module.to(torch.CPU);

    /// <summary>Moves parameters and buffers to a GPU, in place.</summary>
    /// <typeparam name="T">The module's type.</typeparam>
    /// <param name="module">The module.</param>
    /// <param name="deviceIndex">Which GPU.</param>
    /// <returns>The module itself.</returns>
    public static T cuda<T>(this T module, int deviceIndex = 0)
        where T : torch.nn.Module => module.to(new torch.Device(DeviceType.CUDA, deviceIndex));
}
