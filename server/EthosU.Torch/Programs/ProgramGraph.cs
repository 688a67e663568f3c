using System.Collections.Immutable;

namespace EthosU.Torch.Programs;

/// <summary>A graph; each name is made before it is used.</summary>
/// <param name="Inputs">What goes in, in order; those of the outermost graph are described by <see cref="ExportedProgram.Inputs"/>.</param>
/// <param name="Outputs">What comes out, in order.</param>
/// <param name="Nodes">Calls of operators.</param>
/// <param name="Tensors">Type and sizes of each value, by name.</param>
internal sealed record ProgramGraph(ImmutableArray<Argument> Inputs, ImmutableArray<Argument> Outputs, ImmutableArray<ProgramNode> Nodes,
    IReadOnlyDictionary<string, TensorMeta> Tensors);
