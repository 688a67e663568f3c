using System.Collections.Immutable;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Npu.Architectures.EthosU55;

/// <summary>The command interface of the Ethos-U55 and U65: registers that say how an operation divides the shared RAM.</summary>
internal sealed class RegisterCommands : ICommandFormat, ICommandWriter
{
    /// <inheritdoc/>
    public HardwareConfig ConfigOf(Accelerator accelerator) => HardwareConfig.Of(accelerator.Family.Product, accelerator.MacsPerCycle,
        accelerator.ShramBanks * Accelerator.ShramBankBytes / 1024 * accelerator.Cores);

    /// <inheritdoc/>
    public CommandStream Write(HardwareConfig config, IEnumerable<StreamOperation> operations)
    {
        CommandWriter writer = new(config);
        foreach (StreamOperation operation in operations)
            writer.Add(operation);
        return writer.Finish();
    }

    /// <inheritdoc/>
    public ImmutableArray<StreamOperation> Read(CommandStream stream, string fileName) => OperationReader.Read(stream, fileName);
}
