using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Architectures.EthosU85;

/// <summary>The command interface of the Ethos-U85: an engine with memories of fixed sizes.</summary>
internal sealed class EngineCommands : ICommandFormat
{
    /// <inheritdoc/>
    public HardwareConfig ConfigOf(Accelerator accelerator) =>
        HardwareConfig.Of(accelerator.Family, accelerator.MacsPerCycle, accelerator.Engine!);

    /// <inheritdoc/>
    public ImmutableArray<StreamOperation> Read(CommandStream stream, string fileName) => OperationReader.Read(stream,
        Accelerator.Find(stream.Config?.AcceleratorName ?? "")?.Engine
        ?? throw new ModelFormatException(fileName, "command stream", "it does not say for which accelerator it is"), fileName);
}
