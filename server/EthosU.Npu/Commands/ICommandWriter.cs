using EthosU.Npu.Operations;

namespace EthosU.Npu.Commands;

/// <summary>Makes command streams of an architecture.</summary>
internal interface ICommandWriter
{
    /// <summary>The stream of operations, ended with STOP; registers that keep their values are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit its register.</exception>
    CommandStream Write(HardwareConfig config, IEnumerable<StreamOperation> operations);
}
