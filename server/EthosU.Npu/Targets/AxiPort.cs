namespace EthosU.Npu.Targets;

/// <summary>The accelerator's two memory ports, as named in configuration files.</summary>
public enum AxiPort
{
    /// <summary>The port of the faster memory in the usual systems.</summary>
    Axi0,
    /// <summary>The port of the larger memory in the usual systems.</summary>
    Axi1,
}
