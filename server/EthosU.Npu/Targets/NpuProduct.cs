namespace EthosU.Npu.Targets;

/// <summary>The generations of the command interface (npu-commands 4.8, npu-u85 3).</summary>
public enum NpuProduct
{
    /// <summary>Ethos-U55: 32-bit addresses, one core.</summary>
    U55 = 0,

    /// <summary>Ethos-U65: 40-bit addresses, one or two cores.</summary>
    U65 = 1,

    /// <summary>Ethos-U85: one engine, its memories of fixed sizes.</summary>
    U85 = 2,
}
