namespace EthosU.Npu.Operations;

/// <summary>How a feature map is resized (npu-u85 4.9).</summary>
public enum ResizeMode
{
    /// <summary>By the four elements around.</summary>
    Bilinear = 0,

    /// <summary>By the element before.</summary>
    Replicate = 1,

    /// <summary>By the nearest element.</summary>
    Nearest = 2,
}
