namespace EthosU.Pipeline;

/// <summary>The kinds of model files.</summary>
public enum ModelFormat
{
    /// <summary>ONNX, as PyTorch exports it.</summary>
    Onnx,
    /// <summary>TensorFlow Lite.</summary>
    TfLite,
}
