using EthosU.Npu.Scheduling;

namespace EthosU.Pipeline.Compiling;

/// <summary>Where a feature map lies, and when. Two that share memory at the same step are one in the place of the other.</summary>
/// <param name="Name">The user's name of the tensor, or one derived from it.</param>
/// <param name="IsFast">True if it lies in the fast memory beside the arena.</param>
/// <param name="Offset">Its first byte there.</param>
/// <param name="Size">Bytes.</param>
/// <param name="FirstStep">The step that writes it first, from 0.</param>
/// <param name="LastStep">The last step that needs it, inclusive; the number of steps for results of the model.</param>
public sealed record TensorPlaceReport(string Name, bool IsFast, long Offset, long Size, int FirstStep, int LastStep)
{
    internal static TensorPlaceReport Of(PlannedTensor tensor) =>
        new(tensor.Name, tensor.IsFast, tensor.Offset, tensor.Size, tensor.FirstStep, tensor.LastStep);
}
