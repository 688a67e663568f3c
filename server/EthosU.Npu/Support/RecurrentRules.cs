using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Npu.Support;

/// <summary>Rules on UNIDIRECTIONAL_SEQUENCE_LSTM (npu-operators, section 1.18).</summary>
internal static class RecurrentRules
{
    private const string Standard = "Use a plain nn.LSTM.";

    /// <summary>The operator.</summary>
    public static ImmutableArray<SupportRule> Lstm { get; } =
    [
        new("npu-lstm-type", n => n.Input(0).Type is ElementType.Int8 or ElementType.Int16 && n.Output.Type == n.Input(0).Type ? null
            : $"The LSTM is of {n.Input(0).Type.DisplayName()} data.", "Use int8 or int16 for input and output."),
        new("npu-lstm-inputs", n => n.Inputs.Length == 24 && n.Intermediates.Length == 5 && n.Input(0).Shape.Rank == 3 ? null
            : $"The LSTM has {n.Inputs.Length} inputs and {n.Intermediates.Length} intermediate tensors.", "Convert to a full integer LSTM with input [batch, time, features]."),
        new("npu-lstm-state", n => n.TryInput(18) is { IsVariable: true } && n.TryInput(19) is { IsVariable: true } ? null : "The LSTM's states are not variables.", "Keep the state tensors when converting."),
        new("npu-lstm-cifg", n => n.TryInput(1) is null ? "The LSTM couples its input and forget gates." : null, Standard),
        new("npu-lstm-peephole", n => Any(n, 9, 11) ? "The LSTM has peephole connections." : null, Standard),
        new("npu-lstm-projection", n => Any(n, 16, 17) ? "The LSTM has a projection." : null, "Use proj_size=0 and an nn.Linear after it."),
        new("npu-lstm-norm", n => Any(n, 20, 23) ? "The LSTM has layer normalisation inside." : null, Standard),
        new("npu-lstm-weights", n => Enumerable.Range(2, 7).All(i => n.TryInput(i) is { IsConstant: true, Shape.Rank: 2 }) ? null : "Weights of the LSTM's gates are missing or not constant matrices.", Standard),
    ];

    private static bool Any(Node node, int first, int last) => Enumerable.Range(first, last - first + 1).Any(i => node.TryInput(i) is not null);
}
