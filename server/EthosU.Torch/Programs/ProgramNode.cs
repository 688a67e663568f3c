using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Torch.Programs;

/// <summary>One call of an operator.</summary>
/// <param name="Name">Its name; empty where the file records none (torch 2.6).</param>
/// <param name="Target">The operator without <c>torch.ops.</c>: <c>aten.conv2d.default</c>, <c>_operator.mul</c>.</param>
/// <param name="Inputs">Operands; those equal to their default are left out from the end.</param>
/// <param name="Outputs">Results.</param>
/// <param name="Source">Module and Python frames, innermost first.</param>
internal sealed record ProgramNode(string Name, string Target, ImmutableArray<NamedArgument> Inputs, ImmutableArray<Argument> Outputs,
    Source Source);
