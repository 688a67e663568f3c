using EthosU.Graphs;
using EthosU.Interpreter.Geometry;

namespace EthosU.Interpreter.Integer;

/// <summary>Operators of two operands that broadcast (tflite-kernels 3.4, 3.5 and 3.10).</summary>
internal static class BinaryKernels
{
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        Tensor x = facts.Input(0), y = facts.Input(1), result = facts.Output;
        bool sameTypes = y.Type == x.Type && result.Type == x.Type;
        return facts.Operator switch
        {
            Compare op when y.Type == x.Type && result.Type == ElementType.Bool => ForCompare(facts, op),
            PRelu when result.Type == x.Type && y.Type is ElementType.Int8 or ElementType.Int16 => ForPRelu(facts),
            Binary op when sameTypes => op.Kind switch
            {
                BinaryKind.Add or BinaryKind.Sub => Run(facts, AddFormula.Make(facts, op)),
                BinaryKind.Mul => Run(facts, MultiplyFormula.Make(facts, op)),
                BinaryKind.Div when x.Type == ElementType.Int8 => Run(facts, DivideFormula.Make(facts, op)),
                BinaryKind.SquaredDifference => Run(facts, SquaredDifferenceFormula.Make(facts)),
                BinaryKind.Maximum => Run(facts, new MaximumFormula()),
                BinaryKind.Minimum => Run(facts, new MinimumFormula()),
                _ => null,
            },
            _ => null,
        };
    }

    private static PreparedKernel Run<TFormula>(NodeFacts facts, TFormula formula) where TFormula : struct, IBinaryFormula
    {
        BroadcastPlan plan = new(facts.Input(0).Shape, facts.Input(1).Shape, facts.Output.Shape);
        return facts.Output.Type == ElementType.Int8
            ? new(frame => plan.Run(frame.Input<sbyte>(0), frame.Input<sbyte>(1), frame.Output<sbyte>(), formula))
            : new(frame => plan.Run(frame.Input<short>(0), frame.Input<short>(1), frame.Output<short>(), formula));
    }

    private static PreparedKernel ForCompare(NodeFacts facts, Compare op)
    {
        CompareFormula formula = CompareFormula.Make(facts, op.Kind);
        BroadcastPlan plan = new(facts.Input(0).Shape, facts.Input(1).Shape, facts.Output.Shape);
        return facts.Input(0).Type == ElementType.Int8
            ? new(frame => plan.Run(frame.Input<sbyte>(0), frame.Input<sbyte>(1), frame.Output<byte>(), formula))
            : new(frame => plan.Run(frame.Input<short>(0), frame.Input<short>(1), frame.Output<byte>(), formula));
    }

    private static PreparedKernel ForPRelu(NodeFacts facts)
    {
        var formula = PReluFormula.Make(facts);
        BroadcastPlan plan = new(facts.Input(0).Shape, facts.Input(1).Shape, facts.Output.Shape);
        return (facts.Input(0).Type, facts.Input(1).Type) switch
        {
            (ElementType.Int8, ElementType.Int8) =>
                new(frame => plan.Run(frame.Input<sbyte>(0), frame.Input<sbyte>(1), frame.Output<sbyte>(), formula)),
            (ElementType.Int8, _) => new(frame => plan.Run(frame.Input<sbyte>(0), frame.Input<short>(1), frame.Output<sbyte>(), formula)),
            (_, ElementType.Int8) => new(frame => plan.Run(frame.Input<short>(0), frame.Input<sbyte>(1), frame.Output<short>(), formula)),
            _ => new(frame => plan.Run(frame.Input<short>(0), frame.Input<short>(1), frame.Output<short>(), formula)),
        };
    }
}
