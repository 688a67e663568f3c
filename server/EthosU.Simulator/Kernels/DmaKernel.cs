using System.Runtime.InteropServices;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_DMA_START</c> (npu-commands 7.7, npu-u85 8.1).</summary>
internal static class DmaKernel
{
    public static void Run(Execution run, DmaOperation operation)
    {
        run.Charge((double)operation.Length * operation.Rows * operation.Planes + (double)operation.Rows * operation.Planes);
        if (operation.Source.IsSharedRam)
            throw new SimulationStopException(ViolationRules.Unsupported, "a transfer out of the shared RAM is not known");
        if (operation.Destination.IsSharedRam)
        {
            UploadTable(run, operation);
            return;
        }
        for (int plane = 0; plane < operation.Planes; plane++)
        {
            ReadOnlySpan<byte> indices = operation.Indices is { } given
                ? run.Read(given.Region, given.Address + (plane * ((operation.Rows * (long)sizeof(int)) + given.PlaneSkip)),
                    operation.Rows * (long)sizeof(int), "the indices") : [];
            int[] numbers = [.. MemoryMarshal.Cast<byte, int>(indices)];
            for (int row = 0; row < operation.Rows; row++)
            {
                run.Step();
                long index = numbers.Length == 0 ? row : numbers[row];
                if (numbers.Length > 0 && (index < 0 || index > operation.Indices!.Largest))
                    throw new SimulationStopException(ViolationRules.OutOfRange,
                        $"index {index} of row {row} is not one of 0 to {operation.Indices!.Largest}");
                run.Copy(operation.Source.Region, Place(operation, operation.Source, plane, row, index),
                    operation.Destination.Region, Place(operation, operation.Destination, plane, row, index), operation.Length);
            }
        }
    }

    private static void UploadTable(Execution run, DmaOperation operation)
    {
        int cores = (1 << run.Accelerator.Cores) - 1;
        if ((operation.Destination.Region & cores) != cores || operation.Rows != 1 || operation.Planes != 1)
            throw new SimulationStopException(ViolationRules.Unsupported,
                "a table that is not uploaded to all cores in one piece is not known");
        run.SharedRam.Write(operation.Destination.Address,
            run.Read(operation.Source.Region, operation.Source.Address, operation.Length, "the table"));
    }

    private static long Place(DmaOperation operation, DmaEnd end, int plane, int row, long index) =>
        end.Address + ((end.IsIndexed ? index : row) * operation.RowStep(end)) + (plane * operation.PlaneStep(end));
}
