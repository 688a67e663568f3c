using System.Runtime.InteropServices;
using EthosU.Graphs;
using EthosU.Interpreter.Movement;

namespace EthosU.Interpreter;

/// <summary>Computes nodes whose operands are all constant.</summary>
public static class ConstantEvaluator
{
    /// <summary>
    /// The node's results; null if an operand is not constant, no kernel can compute it, or the budget does not hold what it costs.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="budget">What may be spent; null where the results are no larger than what is in memory already.</param>
    public static TensorData[]? TryEvaluate(Node node, FoldingBudget? budget = null)
    {
        if (node.Operator is Custom || node.Inputs.Any(input => input is { IsConstant: false }) || budget?.TryTake(node) == false)
            return null;
        PreparedKernel kernel;
        try
        {
            if (node.Operator is Transpose or Reshape) // weights: without a copy plan as large as they are
                return MovementKernels.Find(node)!(new KernelCall(node, [.. node.Inputs.Select(input => input?.Data)], new(), []));
            kernel = KernelTable.Prepare(node, new());
        }
        catch (Exception e) when (e is KernelRefusedException || KernelTable.IsFault(e))
        {
            return null;
        }
        int[] inputs = new int[node.Inputs.Length], outputs = new int[node.Outputs.Length];
        List<Memory<byte>> values = [];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.Inputs[i] is null ? -1 : values.Count;
            if (node.Inputs[i]?.Data is { } data)
                values.Add(MemoryMarshal.AsMemory(data.Bytes));
        }
        var results = new TensorData[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor output = node.Outputs[i];
            byte[] bytes = new byte[output.Type.ByteCount(output.Shape.ElementCount)];
            outputs[i] = values.Count;
            values.Add(bytes);
            results[i] = new(output.Type, output.Shape, bytes);
        }
        try
        {
            kernel.Run(new Frame([.. values], inputs, outputs, new byte[kernel.ScratchBytes]));
        }
        catch (Exception e) when (KernelTable.IsFault(e))
        {
            return null;
        }
        return results;
    }
}
