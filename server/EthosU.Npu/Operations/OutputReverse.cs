namespace EthosU.Npu.Operations;

/// <summary>The axis of the stored output that is flipped (npu-u85 5.3).</summary>
public enum OutputReverse
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Rows.</summary>
    Height = 1,

    /// <summary>Columns.</summary>
    Width = 2,

    /// <summary>Channels.</summary>
    Depth = 3,
}
