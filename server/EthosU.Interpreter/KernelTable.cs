using EthosU.Arithmetic;
using EthosU.Graphs;
using EthosU.Interpreter.Control;
using EthosU.Interpreter.Detection;
using EthosU.Interpreter.Float;
using EthosU.Interpreter.Integer;
using EthosU.Interpreter.Movement;
using EthosU.Interpreter.Variables;

namespace EthosU.Interpreter;

/// <summary>Which kernel runs which operator on which types.</summary>
internal static class KernelTable
{
    /// <summary>Prepares a node's kernel.</summary>
    /// <exception cref="KernelRefusedException">None can run it.</exception>
    public static PreparedKernel Prepare(Node node, InterpreterOptions options, IReadOnlyDictionary<Tensor, string>? handles = null)
    {
        NodeFacts facts = new(node, options) { Handles = handles };
        try
        {
            return TryPrepare(facts) ?? throw new KernelRefusedException(
                $"There is no kernel of {node.Operator.Name} for "
                    + $"({string.Join(", ", node.Inputs.Select(input => input?.Type.DisplayName() ?? "-"))}) → "
                + $"({string.Join(", ", node.Outputs.Select(output => output.Type.DisplayName()))}).");
        }
        catch (FactorException e)
        {
            throw new KernelRefusedException(e.Message);
        }
        catch (Exception e) when (IsFault(e))
        {
            throw new KernelRefusedException($"Its operands do not suit it: {PlainReason.Of(e)}.");
        }
    }

    /// <summary>True for what a kernel throws over operands that do not suit it.</summary>
    public static bool IsFault(Exception e) => e is InvalidOperationException or ArgumentException or IndexOutOfRangeException
        or ArithmeticException or InvalidGraphException or InvalidCastException or OutOfMemoryException;

    private static PreparedKernel? TryPrepare(NodeFacts facts)
    {
        Node node = facts.Node;
        if (node.Operator is Custom custom)
        {
            if (custom.CustomCode == DetectionKernels.CustomCode)
                return DetectionKernels.Prepare(facts, custom);
            if (custom.CustomCode.StartsWith("Signal", StringComparison.Ordinal))
                throw new KernelRefusedException(
                    $"{custom.CustomCode} belongs to the signal library of TensorFlow Lite Micro, the audio front end, which has no kernel "
                        + $"here.");
            return facts.Options.CustomOperator is { } run
                ? KernelAdapter.Wrap(facts, call => run(call.Node, call.Inputs))
                : throw new KernelRefusedException($"The custom operator '{custom.CustomCode}' cannot run here.");
        }
        if (VariableKernels.Prepare(facts) is { } variable)
            return variable;
        if (node.Outputs.IsEmpty)
            return null;
        if (ControlKernels.Prepare(facts) is { } control)
            return control;
        if (IntegerKernels.Prepare(facts) is { } integer)
            return integer;
        if (MovementKernels.Find(node) is { } movement)
            return MovementPlan.TryPrepare(facts, movement) ?? KernelAdapter.Wrap(facts, movement);
        bool isFloat = node.Inputs
            .All(input => input?.Type is null or ElementType.Float32 or ElementType.Int32 or ElementType.Int64 or ElementType.Bool);
        bool converts = node.Operator is Cast;
        if (isFloat && FloatKernels.Prepare(facts) is { } real)
            return real;
        return (isFloat || converts) && FloatKernels.Find(node) is { } kernel ? KernelAdapter.Wrap(facts, kernel) : null;
    }
}
