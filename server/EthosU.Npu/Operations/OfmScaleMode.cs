namespace EthosU.Npu.Operations;

/// <summary>Where the scale of the output comes from.</summary>
public enum OfmScaleMode
{
    /// <summary>From the scale stream, for each channel.</summary>
    PerChannel = 0,

    /// <summary>From the register <c>OFM_SCALE</c>.</summary>
    Global = 1,
}
