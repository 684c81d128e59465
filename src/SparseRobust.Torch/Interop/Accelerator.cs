namespace SparseRobust.Torch.Interop;

/// <summary>What a run has to know of the device it computes on, beyond TorchSharp.</summary>
public static class Accelerator
{
    /// <summary>The default random generator of a device: dropout on a GPU draws from the GPU's own.</summary>
    /// <param name="device">A device that is there and in use.</param>
    /// <returns>The generator; its state can be saved and restored.</returns>
    /// <exception cref="TorchException">There is no such device.</exception>
    public static torch.Generator DefaultGenerator(torch.Device device) =>
        device.type == DeviceType.CPU ? torch.default_generator : new torch.Generator(torch.Generator.OfDevice(device), device);

    /// <summary>The most bytes that tensors on a GPU have held at one time since the process began or <see cref="ResetPeakMemory"/>. Does not wait for the GPU.</summary>
    /// <param name="device">A GPU.</param>
    /// <returns>Bytes; null on the processor, and when the shim was built without CUDA's headers.</returns>
    public static long? PeakMemory(torch.Device device)
    {
        if (device.type != DeviceType.CUDA)
            return null;
        Native.Check(Native.sr_cuda_peak_memory(device.index, out var bytes));
        return bytes < 0 ? null : bytes;
    }

    /// <summary>Counts the peak anew from what is held now. Nothing on the processor.</summary>
    /// <param name="device">A device.</param>
    public static void ResetPeakMemory(torch.Device device)
    {
        if (device.type == DeviceType.CUDA)
            Native.Check(Native.sr_cuda_reset_peak_memory(device.index));
    }

    /// <summary>Brings a tensor from the processor to a device. To a GPU it goes by way of page-locked memory, so that neither side waits.</summary>
    /// <param name="tensor">On the processor.</param>
    /// <param name="device">Where it is needed.</param>
    /// <returns>The tensor itself on the processor, else a copy; what is enqueued on the GPU afterwards sees it whole.</returns>
    public static torch.Tensor Send(torch.Tensor tensor, torch.Device device) =>
        device.type == DeviceType.CPU ? tensor : Ops.PinMemory.One(tensor, default).to(device.type, device.index, non_blocking: true);
}
