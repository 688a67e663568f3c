using EthosU.Graphs;
using EthosU.Import;
using EthosU.Onnx.Proto;

namespace EthosU.Onnx.Operators;

/// <summary>If with a constant condition, and loops of a constant number of steps, written out.</summary>
internal static class LoopImport
{
    private const int MaxSteps = 512;
    private static readonly string[] ScanDirections =
        ["scan_input_axes", "scan_output_axes", "scan_input_directions", "scan_output_directions"];
    private const string Advice =
        "Write the loop so that the number of steps is fixed at export (torch.export or torch.jit.trace unroll it), or compute it in the "
            + "application.";

    public static IEnumerable<(string, Action<ImportContext>)> Operators => [("If", Conditional), ("Loop", Loop), ("Scan", Scan)];

    private static void Conditional(ImportContext c)
    {
        if (c.Input(0).Data is not { } condition)
            throw new UnsupportedOperatorException("The condition of this If depends on the data that flow through the network.",
                "Compute both branches and choose with torch.where, or export with torch.jit.trace, which follows one branch.");
        GraphProto branch = Body(c, ImportContext.First(condition.ToInt64Array(), "condition") != 0 ? "then_branch" : "else_branch");
        Tensor[] results = c.ImportSubgraph(branch, []);
        for (int i = 0; i < results.Length; i++)
            c.Output(i, results[i]);
    }

    private static void Loop(ImportContext c)
    {
        GraphProto body = Body(c, "body");
        int steps = c.TryInput(0) is not { } count ? int.MaxValue
            : count.Data is { } given ? ImportContext.First(given.ToInt32Array(), "number of steps")
            : throw new UnsupportedOperatorException(
                "The number of steps of this Loop depends on the data that flow through the network.", Advice);
        bool go = c.TryInput(1) is not { } start || Decided(start);
        Tensor[] state = [.. Enumerable.Range(2, Math.Max(0, c.InputCount - 2)).Select(c.Input)];
        List<Tensor>[] scans = [.. Enumerable.Range(0, Math.Max(0, body.Output.Count - 1 - state.Length)).Select(_ => new List<Tensor>())];
        Tensor condition = c.Constant(TensorData.Scalar(true), "condition");
        for (int step = 0; step < steps && go; step++)
        {
            if (step == MaxSteps)
                throw new UnsupportedOperatorException($"This Loop has more than {MaxSteps} steps.", Advice);
            Tensor[] results = c.ImportSubgraph(body, [c.Scalar(step), condition, .. state]);
            if (results.Length != 1 + state.Length + scans.Length)
                throw new UnsupportedOperatorException("Its body has too few outputs.", "Check the exported model.");
            go = Decided(results[0]);
            state = results[1..(1 + state.Length)];
            for (int i = 0; i < scans.Length; i++)
                scans[i].Add(results[1 + state.Length + i]);
        }
        for (int i = 0; i < state.Length; i++)
            c.Output(i, state[i]);
        for (int i = 0; i < scans.Length; i++)
            if (c.WantsOutput(state.Length + i))
                c.Output(state.Length + i, Stacked(c, scans[i]));
    }

    private static bool Decided(Tensor condition) => condition.Data is { } data
        ? ImportContext.First(data.ToInt64Array(), "condition") != 0
        : throw new UnsupportedOperatorException("When this Loop ends depends on the data that flow through the network.", Advice);

    private static void Scan(ImportContext c)
    {
        GraphProto body = Body(c, "body");
        int first = c.Node.Set.ScansBatches ? 1 : 0, scanned = c.Node.Int("num_scan_inputs", 1), states = c.InputCount - first - scanned;
        if (first == 1 || states < 0 || scanned < 1 || ScanDirections.Any(name => c.Node.Ints(name)?.Any(v => v != 0) == true))
            throw new UnsupportedOperatorException(
                "A Scan along other axes, backwards or of operator sets before 9 cannot be expressed.", Advice);
        Tensor[] state = [.. Enumerable.Range(0, states).Select(c.Input)],
            inputs = [.. Enumerable.Range(states, scanned).Select(i => c.InputOfRank(i, 1))];
        List<Tensor>[] scans = [.. Enumerable.Range(0, Math.Max(0, body.Output.Count - states)).Select(_ => new List<Tensor>())];
        int steps = inputs[0].Shape[0];
        if (steps > MaxSteps || inputs.Any(input => input.Shape[0] != steps))
            throw new UnsupportedOperatorException(
                $"This Scan has {steps} steps, more than {MaxSteps}, or inputs of different lengths.", Advice);
        for (int step = 0; step < steps; step++)
        {
            Tensor[] results =
                c.ImportSubgraph(body,
                [.. state, .. inputs.Select(input => c.Reshape(c.SliceAxis(input, 0, step, 1), input.Shape.Without(0)))]);
            if (results.Length != states + scans.Length)
                throw new UnsupportedOperatorException("Its body has too few outputs.", "Check the exported model.");
            state = results[..states];
            for (int i = 0; i < scans.Length; i++)
                scans[i].Add(results[states + i]);
        }
        for (int i = 0; i < states; i++)
            c.Output(i, state[i]);
        for (int i = 0; i < scans.Length; i++)
            if (c.WantsOutput(states + i))
                c.Output(states + i, Stacked(c, scans[i]));
    }

    private static Tensor Stacked(ImportContext c, List<Tensor> parts) => parts.Count > 0
        ? c.Concat(0, [.. parts.Select(part => c.Reshape(part, [1, .. part.Shape]))])
        : throw new UnsupportedOperatorException("A loop without steps gives an empty result.", Advice);

    private static GraphProto Body(ImportContext c, string name) => c.Node.Graph(name)
        ?? throw new UnsupportedOperatorException($"Its {name} is missing.", "Check the exported model.");
}
