using EthosU.Onnx.Operators;

namespace EthosU.Onnx;

/// <summary>Which importer expresses which ONNX operator (tflite-kernels 4.6).</summary>
internal static class OperatorImporters
{
    private const string GeneralAdvice =
        "Express it by other operators in the PyTorch model, or cut the model before it and compute this part in the application.";

    private static readonly Dictionary<string, Action<ImportContext>> Table = new(StringComparer.Ordinal);

    static OperatorImporters()
    {
        foreach (var family in (IEnumerable<(string, Action<ImportContext>)>[])[ConvolutionImport.Operators,
            PoolImport.Operators,
            MatrixImport.Operators, NormalizationImport.Operators, ActivationImport.Operators, ArithmeticImport.Operators,
            LogicImport.Operators,
            ReductionImport.Operators, ShapeImport.Operators, MovementImport.Operators, PadImport.Operators, IndexImport.Operators,
            ResizeImport.Operators,
            RecurrentImport.Operators, QuantizationImport.Operators, QuantizedOperatorImport.Operators, ConstantImport.Operators,
            SequenceImport.Operators, LoopImport.Operators, SignalImport.Operators, TrigonometryImport.Operators, SamplingImport.Operators,
            LegacyImport.Operators])
            foreach ((string name, Action<ImportContext> importer) in family)
                Table.Add(name, importer);
    }

    /// <summary>The importer of an operator; null if it cannot be expressed.</summary>
    public static Action<ImportContext>? Find(string type) => Table.GetValueOrDefault(type);

    /// <summary>What to do about an operator that cannot be expressed, in a PyTorch user's words.</summary>
    public static string AdviceFor(string domain, string type) => type switch
    {
        "NonMaxSuppression" or "RoiAlign" or "MaxRoiPool" =>
            "This is post-processing: end the exported model before it and do it in the application.",
        "DeformConv" => "Sampling at computed positions has no counterpart on microcontrollers; use nn.Conv2d.",
        "Scan" => "Unroll the loop: export with torch.jit.trace or the dynamo exporter, with a fixed number of steps.",
        "MaxUnpool" => "Use nn.Upsample or nn.ConvTranspose2d instead of nn.MaxUnpool2d.",
        "RandomNormal" or "RandomUniform" or "RandomNormalLike" or "RandomUniformLike" or "Bernoulli" or "Multinomial" =>
            "Call model.eval() before the export, so that nothing random is left in the model.",
        "Unique" or "NonZero" =>
            "The size of its result depends on the data. Write the model without boolean indexing, torch.nonzero and torch.unique "
                + "(torch.where with three arguments is fine).",
        "Det" or "Inverse" => "Compute determinants and inverses in the application.",
        "Optional" or "OptionalGetElement" or "OptionalHasElement" or "SequenceMap" => "Use plain tensors and tuples in forward().",
        "StringNormalizer" or "TfIdfVectorizer" or "RegexFullMatch" or "StringConcat" or "StringSplit" or "LabelEncoder" =>
            "Text is prepared in the application; let the model take numbers.",
        _ when domain is "aten" or "org.pytorch.aten" or "prim" or "pkg.onnxscript.torch_lib" =>
            $"PyTorch could not express torch.{type} in ONNX and left it as it is. Replace it in the model by operators that ONNX knows, "
                + $"or export with a newer PyTorch.",
        _ when domain is not ("" or "ai.onnx") =>
            $"It is an operator of the domain '{domain}'. Give the model as PyTorch exported it, not as another tool optimized it; or "
                + $"register no custom operator at export.",
        _ => GeneralAdvice,
    };
}
