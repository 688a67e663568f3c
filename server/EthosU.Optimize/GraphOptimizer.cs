using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Optimize.Layout;
using EthosU.Optimize.Passes;
using EthosU.Optimize.Tensors;

namespace EthosU.Optimize;

/// <summary>Makes a graph of real numbers small and fast: folds, fuses, and moves transpositions away (tflite-kernels 4.7 and 5).</summary>
public static class GraphOptimizer
{
    private const int MostRounds = 64; // each pass makes the graph smaller, so this is a guard only

    private const bool IsDebugBuild =
#if DEBUG
        true;
#else
        false;
#endif

    private static readonly ImmutableArray<GraphPass> Cleaning =
    [
        new("pattern of GELU", GeluPattern.Run),
        new("pattern of hard-swish", HardSwishPattern.Run),
        new("arithmetic", ArithmeticForms.Run),
        new("identities", Identities.Run),
        new("merging of transposes", TransposeMerging.Run),
        new("pushing of transposes", TransposePushing.Run),
        new("merging of reshapes", ReshapeMerging.Run),
        new("pushing of reshapes", ReshapePushing.Run),
        new("parts of what was joined", JoinedParts.Run),
        new("reshapes behind reductions", ReducedReshapes.Run),
        new("means of what is gathered", GatheredMeans.Run),
        new("channels into weights", PickedChannels.Run),
        new("transposes before matrix products", MatMulTransposes.Run),
        new("folding of pads", PadFolding.Run),
        new("folding of scales", ScaleFolding.Run),
        new("fusing of activations", ActivationFusion.Run),
        new("common subexpressions", CommonSubexpressions.Run),
        new("dead code", DeadCode.Run),
    ];

    /// <summary>Optimizes a graph that is not quantized yet, as <c>OnnxReader</c> gives it.</summary>
    /// <param name="graph">The graph; it stays as it is.</param>
    /// <param name="options">Choices; null for the defaults.</param>
    /// <param name="progress">Told the name of each pass before it runs.</param>
    /// <param name="cancellation">Checked between passes, and in long ones at each node.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidGraphException">The graph given is not sound.</exception>
    public static OptimizeResult Optimize(Graph graph, OptimizeOptions? options = null, IProgress<string>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        FoldingBudget budget = options.Folding ?? new();
        ImmutableArray<string> names = [.. graph.Outputs.Select(output => output.Name)];
        Graph result = graph;
        Apply(new("origins", Origins.Run) { IsNeeded = true });
        Apply(new("dead code", DeadCode.Run)); // nothing is spent on it
        Apply(new("pattern of pixel shuffle", PixelShufflePattern.Run)); // before its reshapes are moved
        ImmutableArray<Arrangement> inputOrders = options.InputLayout == DataLayout.Nhwc ? EdgeLayouts.InputOrders(graph)
            : Unchanged(graph.Inputs);
        ImmutableArray<Arrangement> outputOrders = options.OutputLayout == DataLayout.Nhwc ? EdgeLayouts.OutputOrders(graph)
            : Unchanged(graph.Outputs);
        Apply(new("layout of the inputs", g => EdgeLayouts.ArrangeInputs(g, inputOrders)) { IsNeeded = true });
        Apply(new("layout of the outputs", g => EdgeLayouts.ArrangeOutputs(g, outputOrders)) { IsNeeded = true });
        Clean();
        // Last: one convolution is easier to fuse with than its groups.
        Apply(new("cutting of grouped convolutions", GroupedConvolutions.Run) { IsNeeded = true });
        for (int round = 0; round < MostRounds; round++)
        {
            Graph before = result;
            Apply(new("operators of many axes", HighRanks.Run) { IsNeeded = true });
            Clean();
            if (result == before)
                break;
        }
        Apply(new("names of the outputs", g => OutputNames.Restore(g, names)) { IsNeeded = true });
        ImmutableArray<ImmutableArray<int>> inputAxes = [.. inputOrders.Select(order => order.Axes)],
            outputAxes = [.. outputOrders.Select(order => order.Axes)];
        result = new(result.Name, result.Nodes, result.Inputs, result.Outputs)
        {
            Description = result.Description,
            Metadata = result.Metadata,
            Signatures = result.Signatures,
            InputAxes = inputAxes,
            OutputAxes = outputAxes,
        };
        return new(result, LayoutFindings.List(result, options)) { InputAxes = inputAxes, OutputAxes = outputAxes };

        static ImmutableArray<Arrangement> Unchanged(ImmutableArray<Tensor> tensors) =>
            [.. tensors.Select(tensor => Arrangement.Identity(tensor.Shape.Rank))];

        void Clean()
        {
            for (int round = 0; round < MostRounds; round++)
            {
                Graph before = result;
                Apply(new("constant folding", (g, token) => ConstantFolding.Run(g, budget, token)) { IsNeeded = true });
                foreach (GraphPass pass in Cleaning)
                    Apply(pass);
                if (result == before)
                    break;
            }
        }

        void Apply(GraphPass pass)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(pass.Name);
            Graph changed = options.Passes is { } passes
                ? passes.Run(pass.Name, result, graph => pass.Run(graph, cancellation), !pass.IsNeeded) : pass.Run(result, cancellation);
            if ((options.Verify || IsDebugBuild) && changed != result)
                changed.Verify(pass.Name);
            result = changed;
        }
    }
}
