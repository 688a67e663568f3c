using K = EthosU.Npu.Commands.CommandFieldKind;

namespace EthosU.Npu.Commands;

/// <summary>The fields that only commands of the Ethos-U85 have, or have in another place (npu-u85 3.2 and 3.3).</summary>
public static class EthosU85Fields
{
    /// <summary>Weights of a convolution that come from the second input.</summary>
    public static readonly CommandField WeightSource = CommandFields.Choice("weights", 0, 1, (0, "stream"), (1, "ifm2"));

    /// <summary>How a feature map is resized.</summary>
    public static readonly CommandField ResizeMode =
        CommandFields.Choice("mode", 0, 2, (0, "bilinear"), (1, "replicate"), (2, "nearest"));

    /// <summary>Number of transfers that may still run after a DMA wait.</summary>
    public static readonly CommandField DmaOutstanding = new("outstanding", 0, 2);

    /// <summary>Number of kernel operations that may still run after a kernel wait.</summary>
    public static readonly CommandField KernelOutstanding = new("outstanding", 0, 1);

    /// <summary>Where a feature map lies.</summary>
    public static readonly CommandField Storage =
        CommandFields.Choice("storage", 14, 2, (0, "tile2x2"), (1, "tile3x1"), (2, "chained"), (3, "none"));

    /// <summary>The height is 1 and repeats.</summary>
    public static readonly CommandField BroadcastHeight = new("broadcast_height", 0, 1);

    /// <summary>The width is 1 and repeats.</summary>
    public static readonly CommandField BroadcastWidth = new("broadcast_width", 1, 1);

    /// <summary>The depth is 1 and repeats.</summary>
    public static readonly CommandField BroadcastDepth = new("broadcast_depth", 2, 1);

    /// <summary>The input is a constant.</summary>
    public static readonly CommandField UseScalar = new("scalar", 3, 1);

    /// <summary>The axis along which the output is flipped.</summary>
    public static readonly CommandField Reverse = CommandFields.Choice("reverse", 9, 2, (0, "none"), (1, "h"), (2, "w"), (3, "c"));

    /// <summary>The order in which the output's axes are stored.</summary>
    public static readonly CommandField Transpose =
        CommandFields.Choice("transpose", 11, 3, (0, "hwc"), (1, "whc"), (2, "hcw"), (3, "wch"), (6, "chw"), (7, "cwh"));

    /// <summary>Width or height of the output block.</summary>
    public static readonly CommandField BlockSize = new("size", 0, 7, K.MinusOne);

    /// <summary>Depth of the output block.</summary>
    public static readonly CommandField BlockDepth = new("size", 0, 10, K.MinusOne);

    /// <summary>Format of the accumulators.</summary>
    public static readonly CommandField AccumulatorFormat = CommandFields.Choice("format", 0, 2, (0, "int32"), (1, "int48"));

    /// <summary>What accumulators begin with.</summary>
    public static readonly CommandField AccumulatorStart = CommandFields.Choice("start", 4, 2, (0, "zero"), (1, "kept"), (2, "ifm2"));

    /// <summary>True if the accumulators are kept and nothing is written.</summary>
    public static readonly CommandField NoOutput = new("no_output", 6, 1);

    /// <summary>Rows and columns of the micro-block.</summary>
    public static readonly CommandField MicroBlock =
        CommandFields.Choice("micro_block", 8, 3, (0, "1x1"), (1, "1x2"), (2, "1x4"), (3, "2x2"), (4, "2x4"), (5, "4x4"));

    /// <summary>Kind of the lookup table.</summary>
    public static readonly CommandField TableKind = CommandFields.Choice("table", 0, 5, (0, "none"), (1, "u8_u8"), (4, "s8_s8"),
        (5, "s8_s16"), (7, "s8_s32"), (8, "s16_s16"), (9, "s16_s32"), (10, "tanh"), (11, "sigmoid"));

    /// <summary>Number of the lookup table among those of its size.</summary>
    public static readonly CommandField TableNumber = new("number", 5, 3);

    /// <summary>True if the limits do not count.</summary>
    public static readonly CommandField NoClip = new("no_clip", 12, 1);

    /// <summary>Numerator of a resize.</summary>
    public static readonly CommandField ResizeNumerator = new("numerator", 0, 11, K.MinusOne);

    /// <summary>Offset of the first position of a resize.</summary>
    public static readonly CommandField ResizeOffset = new("offset", 0, 12, K.Signed);

    /// <summary>What is left of a step of one position.</summary>
    public static readonly CommandField StepRemainder = new("one_mod", 0, 11);

    /// <summary>What is left of a step from the first to the last position of a block.</summary>
    public static readonly CommandField BlockStepRemainder = new("blk_mod", 16, 11);

    /// <summary>Whole elements of a step of one position.</summary>
    public static readonly CommandField StepWhole = new("one_int", 32, 4);

    /// <summary>Whole elements of a step from the first to the last position of a block.</summary>
    public static readonly CommandField BlockStepWhole = new("blk_int", 36, 11);

    /// <summary>The form of weight streams.</summary>
    public static readonly CommandField WeightForm = CommandFields.Choice("form", 0, 1, (0, "standard"), (1, "fast"));

    /// <summary>True if weights are 2:4 sparse.</summary>
    public static readonly CommandField WeightSparsity = CommandFields.Choice("sparsity", 4, 1, (0, "none"), (1, "2_4"));

    /// <summary>Block dependency.</summary>
    public static readonly CommandField BlockDependency = new("jobs", 0, 3);

    /// <summary>Rows of a transfer are chosen by indices.</summary>
    public static readonly CommandField DmaIndexed = new("indexed", 11, 1);

    /// <summary>A multiplier.</summary>
    public static readonly CommandField Multiplier = new("scale", 0, 31);

    /// <summary>Bits by which the first of two roundings comes earlier.</summary>
    public static readonly CommandField DoubleRound = new("double_round", 38, 5);

    /// <summary>Rounding of the scaling to the output.</summary>
    public static readonly CommandField OfmRounding = CommandFields.Choice("rounding", 45, 3, (0, "double_symmetric"), (1, "natural"),
        (2, "double_asymmetric"), (3, "symmetric"), (4, "to_zero"), (5, "to_lower"));

    /// <summary>Rounding of the scaling of an input.</summary>
    public static readonly CommandField IfmRounding = CommandFields.Choice("rounding", 45, 1, (0, "double_symmetric"), (1, "natural"));

    /// <summary>The constant operand as stored.</summary>
    public static readonly CommandField Scalar = new("value", 0, 32, K.Signed);

    /// <summary>Largest index of a transfer.</summary>
    public static readonly CommandField IndexMax = new("max", 0, 31);

    /// <summary>When a branch is taken.</summary>
    public static readonly CommandField BranchCondition = CommandFields.Choice("when", 32, 1, (0, "always"), (1, "result_true"));

    /// <summary>Where a branch goes, in bytes from the start of the stream.</summary>
    public static readonly CommandField BranchTarget = new("target", 0, 32);
}
