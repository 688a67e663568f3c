namespace EthosU.Npu.Commands;

/// <summary>Layout of a feature map in memory (npu-commands 5).</summary>
public enum FeatureMapLayout
{
    /// <summary>Rows, columns, channels.</summary>
    Nhwc = 0,

    /// <summary>Rows, bricks of 16 channels, columns, channels of the brick.</summary>
    Nhcwb16 = 1,
}
