using EthosU.Onnx.Operators;

namespace EthosU.Onnx;

/// <summary>Which importer expresses which ONNX operator (tflite-kernels, section 4.6).</summary>
internal static class OperatorImporters
{
    private const string GeneralAdvice = "Express it by other operators in the PyTorch model, or cut the model before it and compute this part in the application.";

    private static readonly Dictionary<string, Action<ImportContext>> Table = new(StringComparer.Ordinal);

    static OperatorImporters()
    {
        foreach (var family in (IEnumerable<(string, Action<ImportContext>)>[])[ConvolutionImport.Operators, PoolImport.Operators,
            MatrixImport.Operators, NormalizationImport.Operators, ActivationImport.Operators, ArithmeticImport.Operators, LogicImport.Operators,
            ReductionImport.Operators, ShapeImport.Operators, MovementImport.Operators, PadImport.Operators, IndexImport.Operators, ResizeImport.Operators,
            RecurrentImport.Operators, QuantizationImport.Operators, ConstantImport.Operators])
            foreach ((string name, Action<ImportContext> importer) in family)
                Table.Add(name, importer);
    }

    /// <summary>The importer of an operator; null if it cannot be expressed.</summary>
    public static Action<ImportContext>? Find(string type) => Table.GetValueOrDefault(type);

    /// <summary>What to do about an operator that cannot be expressed.</summary>
    public static string AdviceFor(string type) => type switch
    {
        "NonMaxSuppression" or "RoiAlign" or "MaxRoiPool" => "This is post-processing: end the exported model before it and do it in the application.",
        "GridSample" or "AffineGrid" or "DeformConv" => "Sampling at computed positions has no counterpart on microcontrollers; use resizing with fixed factors or a strided convolution.",
        "Loop" or "Scan" => "Unroll the loop: export with torch.jit.trace or the dynamo exporter, with a fixed number of steps.",
        "MaxUnpool" => "Use nn.Upsample or nn.ConvTranspose2d instead of nn.MaxUnpool2d.",
        "RandomNormal" or "RandomUniform" or "RandomNormalLike" or "RandomUniformLike" or "Bernoulli" or "Multinomial" => "Call model.eval() before the export, so that nothing random is left in the model.",
        "DynamicQuantizeLinear" or "ConvInteger" or "MatMulInteger" => "This model is quantized dynamically. Export the float model and let it be quantized here.",
        _ => GeneralAdvice,
    };
}
