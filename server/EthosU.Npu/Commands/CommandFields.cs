using K = EthosU.Npu.Commands.CommandFieldKind;

namespace EthosU.Npu.Commands;

/// <summary>
/// The fields of commands' values (npu-commands 4.5 to 4.7). Encoder, decoder and disassembler use these and no other bit positions.
/// </summary>
public static class CommandFields
{
    /// <summary>IRQ mask of STOP and IRQ.</summary>
    public static readonly CommandField IrqMask = new("mask", 0, 16);

    /// <summary>Pooling mode.</summary>
    public static readonly CommandField PoolingMode = Choice("mode", 0, 3, (0, "max"), (1, "average"), (2, "reduce_sum"),
        (3, "sum"), (4, "none"), (5, "min"), (6, "argmax_x"), (7, "argmax_y"));

    /// <summary>Elementwise mode.</summary>
    public static readonly CommandField ElementwiseMode = Choice("mode", 0, 6,
        (0, "mul"), (1, "add"), (2, "sub"), (3, "min"), (4, "max"), (5, "lrelu"), (6, "abs"), (7, "clz"), (8, "shr"), (9, "shl"),
        (10, "lsr"), (11, "div"), (16, "eq"), (17, "ne"), (18, "ge"), (19, "gt"), (33, "and"), (34, "or"), (35, "xor"), (36, "not"),
        (42, "and_not"));

    /// <summary>Number of transfers that may still run after a DMA wait.</summary>
    public static readonly CommandField DmaOutstanding = new("outstanding", 0, 4);

    /// <summary>Number of kernel operations that may still run after a kernel wait.</summary>
    public static readonly CommandField KernelOutstanding = new("outstanding", 0, 2);

    /// <summary>Counting of the performance counters.</summary>
    public static readonly CommandField PmuEnable = new("enable", 0, 1);

    /// <summary>Padding before the feature map.</summary>
    public static readonly CommandField PadBefore = new("pad", 0, 7);

    /// <summary>Padding behind the feature map.</summary>
    public static readonly CommandField PadAfter = new("pad", 0, 8);

    /// <summary>A size of up to 65536.</summary>
    public static readonly CommandField Size = new("size", 0, 16, K.MinusOne);

    /// <summary>A count of up to 65535.</summary>
    public static readonly CommandField Count = new("count", 0, 16);

    /// <summary>Upscaling of the input.</summary>
    public static readonly CommandField Upscale = Choice("mode", 0, 2, (0, "none"), (1, "nearest"), (2, "zeros"));

    /// <summary>Signedness of elements; the same place in all precision registers.</summary>
    public static readonly CommandField ElementSign = Choice("type", 0, 1, (0, "unsigned"), (1, "signed"));

    /// <summary>Width of the elements of an input.</summary>
    public static readonly CommandField IfmWidth = Choice("bits", 2, 2, (0, "8"), (1, "16"), (2, "32"), (3, "64"));

    /// <summary>Width of the elements of the output: one bit lower than in an input's register.</summary>
    public static readonly CommandField OfmWidth = Choice("bits", 1, 2, (0, "8"), (1, "16"), (2, "32"), (3, "64"));

    /// <summary>Layout of a feature map in memory; the same place in all precision registers.</summary>
    public static readonly CommandField Format = Choice("format", 6, 2, (0, "nhwc"), (1, "nhcwb16"));

    /// <summary>Scaling of the operands of ADD and SUB.</summary>
    public static readonly CommandField IfmScaleMode =
        Choice("scale_mode", 8, 2, (0, "both_16_bit"), (1, "operand_a_32_bit"), (2, "operand_b_32_bit"));

    /// <summary>Where the output's scale comes from.</summary>
    public static readonly CommandField OfmScaleMode = Choice("scale_mode", 8, 1, (0, "per_channel"), (1, "global"));

    /// <summary>Rounding of a scaling.</summary>
    public static readonly CommandField Rounding = Choice("rounding", 14, 2, (0, "tfl"), (1, "truncate"), (2, "natural"));

    /// <summary>A zero point, signed if the feature map is.</summary>
    public static readonly CommandField ZeroPoint = new("zero_point", 0, 16, K.TypeDependent);

    /// <summary>A limit of the activation, signed if the output or the clip range is.</summary>
    public static readonly CommandField Limit = new("limit", 0, 16, K.TypeDependent);

    /// <summary>The constant operand, signed if the second input is.</summary>
    public static readonly CommandField Scalar = new("value", 0, 16, K.TypeDependent);

    /// <summary>A place in the shared RAM in banks of 1 KB.</summary>
    public static readonly CommandField Bank = new("bank", 0, 6);

    /// <summary>A region number.</summary>
    public static readonly CommandField Region = new("region", 0, 3);

    /// <summary>U55's selection of a custom DMA.</summary>
    public static readonly CommandField CustomDma = new("custom_dma", 15, 1);

    /// <summary>Width of the output block.</summary>
    public static readonly CommandField BlockWidth = new("size", 0, 6, K.MinusOne);

    /// <summary>Height of the output block.</summary>
    public static readonly CommandField BlockHeight = new("size", 0, 5, K.MinusOne);

    /// <summary>Depth of the output block.</summary>
    public static readonly CommandField BlockDepth = new("size", 0, 7, K.MinusOne);

    /// <summary>Low bit of the horizontal stride less one.</summary>
    public static readonly CommandField StrideXLow = new("stride_x_m1_bit0", 0, 1);

    /// <summary>Low bit of the vertical stride less one.</summary>
    public static readonly CommandField StrideYLow = new("stride_y_m1_bit0", 1, 1);

    /// <summary>Order of the weights.</summary>
    public static readonly CommandField WeightOrder = Choice("weight_order", 2, 1, (0, "depth_first"), (1, "part_kernel_first"));

    /// <summary>Horizontal dilation.</summary>
    public static readonly CommandField DilationX = new("dilation_x", 3, 1, K.MinusOne);

    /// <summary>Vertical dilation.</summary>
    public static readonly CommandField DilationY = new("dilation_y", 4, 1, K.MinusOne);

    /// <summary>Size of the parts into which large kernels are cut.</summary>
    public static readonly CommandField Decomposition = Choice("decomposition", 5, 1, (0, "8x8"), (1, "4x4"));

    /// <summary>High bit of the horizontal stride less one.</summary>
    public static readonly CommandField StrideXHigh = new("stride_x_m1_bit1", 6, 1);

    /// <summary>High bit of the vertical stride less one.</summary>
    public static readonly CommandField StrideYHigh = new("stride_y_m1_bit1", 9, 1);

    /// <summary>Cores that work on one operation.</summary>
    public static readonly CommandField Cores = new("cores", 0, 1, K.MinusOne);

    /// <summary>Format of the accumulators.</summary>
    public static readonly CommandField AccumulatorFormat = Choice("format", 0, 2, (0, "int32"), (1, "int40"), (2, "float16"));

    /// <summary>The activation function.</summary>
    public static readonly CommandField ActivationFunction = Choice("function", 0, 5, (0, "none"), (3, "tanh"), (4, "sigmoid"),
        (16, "table_0"), (17, "table_1"), (18, "table_2"), (19, "table_3"), (20, "table_4"), (21, "table_5"), (22, "table_6"),
        (23, "table_7"));

    /// <summary>Range of the index of a table lookup.</summary>
    public static readonly CommandField ClipRange = Choice("clip_range", 12, 3, (0, "ofm"), (2, "uint8"), (3, "int8"), (5, "int16"));

    /// <summary>Block dependency.</summary>
    public static readonly CommandField BlockDependency = new("jobs", 0, 2);

    /// <summary>Region of a transfer, or the mask of cores if it goes to the shared RAM.</summary>
    public static readonly CommandField DmaRegion = new("region", 0, 3);

    /// <summary>Memory of a transfer.</summary>
    public static readonly CommandField DmaMemory = Choice("memory", 8, 1, (0, "external"), (1, "internal"));

    /// <summary>Strides of a transfer.</summary>
    public static readonly CommandField DmaStrideMode = Choice("stride_mode", 9, 2, (0, "1d"), (1, "2d"), (2, "3d"));

    /// <summary>The second input's height is 1.</summary>
    public static readonly CommandField BroadcastHeight = new("broadcast_height", 0, 1);

    /// <summary>The second input's width is 1.</summary>
    public static readonly CommandField BroadcastWidth = new("broadcast_width", 1, 1);

    /// <summary>The second input's depth is 1.</summary>
    public static readonly CommandField BroadcastDepth = new("broadcast_depth", 2, 1);

    /// <summary>The second input is operand A.</summary>
    public static readonly CommandField ReverseOperands = new("reverse_operands", 6, 1);

    /// <summary>The second input is the constant.</summary>
    public static readonly CommandField UseScalar = new("scalar", 7, 1);

    /// <summary>A byte offset in a region.</summary>
    public static readonly CommandField Address = new("address", 0, 40, K.Address);

    /// <summary>A distance in bytes.</summary>
    public static readonly CommandField Stride = new("stride", 0, 40, K.Stride);

    /// <summary>The length of a transfer in bytes.</summary>
    public static readonly CommandField TransferLength = new("length", 0, 40, K.Address);

    /// <summary>A weight stream's bytes.</summary>
    public static readonly CommandField WeightLength = new("length", 0, 32);

    /// <summary>A scale stream's bytes.</summary>
    public static readonly CommandField ScaleLength = new("length", 0, 20);

    /// <summary>A multiplier.</summary>
    public static readonly CommandField Multiplier = new("scale", 0, 32);

    /// <summary>The multiplier of operand B.</summary>
    public static readonly CommandField Multiplier16 = new("scale", 0, 16);

    /// <summary>A right shift.</summary>
    public static readonly CommandField Shift = new("shift", 32, 6);

    /// <summary>Bits without meaning here.</summary>
    public static readonly CommandField UserValue = new("value", 0, 32);

    internal static CommandField Choice(string name, int low, int bits, params (int, string)[] choices) =>
        new(name, low, bits, K.Choice) { Choices = [.. choices] };
}
