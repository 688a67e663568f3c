namespace EthosU.Quantize.Data;

/// <summary>Order of an image's axes.</summary>
public enum SampleLayout
{
    /// <summary>Channels, height, width: PyTorch's.</summary>
    ChannelsFirst,

    /// <summary>Height, width, channels: image files' and TensorFlow's.</summary>
    ChannelsLast,
}
