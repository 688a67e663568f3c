using EthosU.Import.Formulas;

namespace EthosU.Onnx.Operators;

/// <summary>Attributes of operators with sliding windows.</summary>
internal static class WindowAttributes
{
    /// <summary>How windows lie over so many spatial axes.</summary>
    public static WindowOptions Read(ImportContext c, int spatial)
    {
        int[]? pads = c.Node.Ints("pads", 2 * spatial);
        return new()
        {
            Kernel = c.Node.Ints("kernel_shape", spatial),
            Strides = c.Node.Ints("strides", spatial),
            Dilations = c.Node.Ints("dilations", spatial),
            Begin = pads?[..spatial],
            End = pads?[spatial..],
            Auto = c.Node.Word("auto_pad", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID") switch
            {
                "SAME_UPPER" => AutoPadding.SameUpper,
                "SAME_LOWER" => AutoPadding.SameLower,
                "VALID" => AutoPadding.Valid,
                _ => AutoPadding.Explicit,
            },
            CeilMode = c.Node.Int("ceil_mode", 0) != 0,
        };
    }
}
