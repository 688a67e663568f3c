namespace EthosU.Npu.Support;

/// <summary>Where an operator runs.</summary>
public enum Placement
{
    /// <summary>On the accelerator.</summary>
    Npu,
    /// <summary>On the processor, by TensorFlow Lite Micro's own kernel.</summary>
    Cpu,
}
