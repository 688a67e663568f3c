namespace EthosU.Optimize;

/// <summary>Order of the axes of images at a model's inputs and outputs.</summary>
public enum DataLayout
{
    /// <summary>[N, H, W, C]: channels last, as TensorFlow Lite computes.</summary>
    Nhwc,

    /// <summary>[N, C, H, W]: channels first, as PyTorch computes.</summary>
    Nchw,
}
