using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_DMA_START</c> (npu-commands 7.7).</summary>
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
            for (int row = 0; row < operation.Rows; row++)
            {
                run.Step();
                run.Copy(operation.Source.Region, Place(operation, operation.Source, plane, row),
                    operation.Destination.Region, Place(operation, operation.Destination, plane, row), operation.Length);
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

    private static long Place(DmaOperation operation, DmaEnd end, int plane, int row)
    {
        long rowStep = operation.Length + (end.StrideMode >= 1 ? operation.RowSkip : 0);
        long planeStep = operation.Length * operation.Rows + (end.StrideMode >= 2 ? operation.PlaneSkip : 0);
        return end.Address + row * rowStep + plane * planeStep;
    }
}
