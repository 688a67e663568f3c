namespace EthosU.Npu.Commands;

/// <summary>
/// A command's code as in bits 15:0 of its first word: bits 15:14 are 0 for one word and 1 for two (npu-commands 4). The names are the
/// hardware's without their prefix; <see cref="CommandSet"/> says what each is. The Ethos-U85 gives some of those that it has no use for
/// another meaning: <see cref="EthosU85Codes"/>.
/// </summary>
public enum CommandCode : ushort
{
    /// <summary><c>NPU_OP_STOP</c>.</summary>
    OpStop = 0x0000,

    /// <summary><c>NPU_OP_IRQ</c>.</summary>
    OpIrq = 0x0001,

    /// <summary><c>NPU_OP_CONV</c>.</summary>
    OpConv = 0x0002,

    /// <summary><c>NPU_OP_DEPTHWISE</c>.</summary>
    OpDepthwise = 0x0003,

    /// <summary><c>NPU_OP_POOL</c>.</summary>
    OpPool = 0x0005,

    /// <summary><c>NPU_OP_ELEMENTWISE</c>.</summary>
    OpElementwise = 0x0006,

    /// <summary><c>NPU_OP_RESIZE</c> (Ethos-U85).</summary>
    OpResize = 0x0007,

    /// <summary><c>NPU_OP_DMA_START</c>.</summary>
    OpDmaStart = 0x0010,

    /// <summary><c>NPU_OP_DMA_WAIT</c>.</summary>
    OpDmaWait = 0x0011,

    /// <summary><c>NPU_OP_KERNEL_WAIT</c>.</summary>
    OpKernelWait = 0x0012,

    /// <summary><c>NPU_OP_PMU_MASK</c>.</summary>
    OpPmuMask = 0x0013,

    /// <summary><c>NPU_SET_IFM_PAD_TOP</c>.</summary>
    SetIfmPadTop = 0x0100,

    /// <summary><c>NPU_SET_IFM_PAD_LEFT</c>.</summary>
    SetIfmPadLeft = 0x0101,

    /// <summary><c>NPU_SET_IFM_PAD_RIGHT</c>.</summary>
    SetIfmPadRight = 0x0102,

    /// <summary><c>NPU_SET_IFM_PAD_BOTTOM</c>.</summary>
    SetIfmPadBottom = 0x0103,

    /// <summary><c>NPU_SET_IFM_DEPTH_M1</c>.</summary>
    SetIfmDepthM1 = 0x0104,

    /// <summary><c>NPU_SET_IFM_PRECISION</c>.</summary>
    SetIfmPrecision = 0x0105,

    /// <summary><c>NPU_SET_IFM_UPSCALE</c>.</summary>
    SetIfmUpscale = 0x0107,

    /// <summary><c>NPU_SET_IFM_BROADCAST</c> (Ethos-U85).</summary>
    SetIfmBroadcast = 0x0108,

    /// <summary><c>NPU_SET_IFM_ZERO_POINT</c>.</summary>
    SetIfmZeroPoint = 0x0109,

    /// <summary><c>NPU_SET_IFM_WIDTH0_M1</c>.</summary>
    SetIfmWidth0M1 = 0x010A,

    /// <summary><c>NPU_SET_IFM_HEIGHT0_M1</c>.</summary>
    SetIfmHeight0M1 = 0x010B,

    /// <summary><c>NPU_SET_IFM_HEIGHT1_M1</c>.</summary>
    SetIfmHeight1M1 = 0x010C,

    /// <summary><c>NPU_SET_IFM_IB_END</c>.</summary>
    SetIfmIbEnd = 0x010D,

    /// <summary><c>NPU_SET_IFM_REGION</c>.</summary>
    SetIfmRegion = 0x010F,

    /// <summary><c>NPU_SET_OFM_WIDTH_M1</c>.</summary>
    SetOfmWidthM1 = 0x0111,

    /// <summary><c>NPU_SET_OFM_HEIGHT_M1</c>.</summary>
    SetOfmHeightM1 = 0x0112,

    /// <summary><c>NPU_SET_OFM_DEPTH_M1</c>.</summary>
    SetOfmDepthM1 = 0x0113,

    /// <summary><c>NPU_SET_OFM_PRECISION</c>.</summary>
    SetOfmPrecision = 0x0114,

    /// <summary><c>NPU_SET_OFM_BLK_WIDTH_M1</c>.</summary>
    SetOfmBlkWidthM1 = 0x0115,

    /// <summary><c>NPU_SET_OFM_BLK_HEIGHT_M1</c>.</summary>
    SetOfmBlkHeightM1 = 0x0116,

    /// <summary><c>NPU_SET_OFM_BLK_DEPTH_M1</c>.</summary>
    SetOfmBlkDepthM1 = 0x0117,

    /// <summary><c>NPU_SET_OFM_ZERO_POINT</c>.</summary>
    SetOfmZeroPoint = 0x0118,

    /// <summary><c>NPU_SET_OFM_WIDTH0_M1</c>.</summary>
    SetOfmWidth0M1 = 0x011A,

    /// <summary><c>NPU_SET_OFM_HEIGHT0_M1</c>.</summary>
    SetOfmHeight0M1 = 0x011B,

    /// <summary><c>NPU_SET_OFM_HEIGHT1_M1</c>.</summary>
    SetOfmHeight1M1 = 0x011C,

    /// <summary><c>NPU_SET_OFM_REGION</c>.</summary>
    SetOfmRegion = 0x011F,

    /// <summary><c>NPU_SET_KERNEL_WIDTH_M1</c>.</summary>
    SetKernelWidthM1 = 0x0120,

    /// <summary><c>NPU_SET_KERNEL_HEIGHT_M1</c>.</summary>
    SetKernelHeightM1 = 0x0121,

    /// <summary><c>NPU_SET_KERNEL_STRIDE</c>.</summary>
    SetKernelStride = 0x0122,

    /// <summary><c>NPU_SET_PARALLEL_MODE</c>.</summary>
    SetParallelMode = 0x0123,

    /// <summary><c>NPU_SET_ACC_FORMAT</c>.</summary>
    SetAccFormat = 0x0124,

    /// <summary><c>NPU_SET_ACTIVATION</c>.</summary>
    SetActivation = 0x0125,

    /// <summary><c>NPU_SET_ACTIVATION_MIN</c>.</summary>
    SetActivationMin = 0x0126,

    /// <summary><c>NPU_SET_ACTIVATION_MAX</c>.</summary>
    SetActivationMax = 0x0127,

    /// <summary><c>NPU_SET_WEIGHT_REGION</c>.</summary>
    SetWeightRegion = 0x0128,

    /// <summary><c>NPU_SET_SCALE_REGION</c>.</summary>
    SetScaleRegion = 0x0129,

    /// <summary><c>NPU_SET_RESIZE_X_SCALE_N_M1</c> (Ethos-U85).</summary>
    SetResizeXScaleNM1 = 0x012A,

    /// <summary><c>NPU_SET_RESIZE_Y_SCALE_N_M1</c> (Ethos-U85).</summary>
    SetResizeYScaleNM1 = 0x012B,

    /// <summary><c>NPU_SET_RESIZE_X_OFFSET</c> (Ethos-U85).</summary>
    SetResizeXOffset = 0x012C,

    /// <summary><c>NPU_SET_AB_START</c>.</summary>
    SetAbStart = 0x012D,

    /// <summary><c>NPU_SET_WEIGHT_FORMAT</c> (Ethos-U85).</summary>
    SetWeightFormat = 0x012E,

    /// <summary><c>NPU_SET_BLOCKDEP</c>.</summary>
    SetBlockdep = 0x012F,

    /// <summary><c>NPU_SET_DMA0_SRC_REGION</c>.</summary>
    SetDma0SrcRegion = 0x0130,

    /// <summary><c>NPU_SET_DMA0_DST_REGION</c>.</summary>
    SetDma0DstRegion = 0x0131,

    /// <summary><c>NPU_SET_DMA0_SIZE0</c>.</summary>
    SetDma0Size0 = 0x0132,

    /// <summary><c>NPU_SET_DMA0_SIZE1</c>.</summary>
    SetDma0Size1 = 0x0133,

    /// <summary><c>NPU_SET_DMA0_IDX_REGION</c> (Ethos-U85).</summary>
    SetDma0IdxRegion = 0x0134,

    /// <summary><c>NPU_SET_IFM2_BROADCAST</c>.</summary>
    SetIfm2Broadcast = 0x0180,

    /// <summary><c>NPU_SET_IFM2_SCALAR</c>.</summary>
    SetIfm2Scalar = 0x0181,

    /// <summary><c>NPU_SET_IFM2_PRECISION</c>.</summary>
    SetIfm2Precision = 0x0185,

    /// <summary><c>NPU_SET_IFM2_ZERO_POINT</c>.</summary>
    SetIfm2ZeroPoint = 0x0189,

    /// <summary><c>NPU_SET_IFM2_WIDTH0_M1</c>.</summary>
    SetIfm2Width0M1 = 0x018A,

    /// <summary><c>NPU_SET_IFM2_HEIGHT0_M1</c>.</summary>
    SetIfm2Height0M1 = 0x018B,

    /// <summary><c>NPU_SET_IFM2_HEIGHT1_M1</c>.</summary>
    SetIfm2Height1M1 = 0x018C,

    /// <summary><c>NPU_SET_IFM2_IB_START</c>.</summary>
    SetIfm2IbStart = 0x018D,

    /// <summary><c>NPU_SET_IFM2_REGION</c>.</summary>
    SetIfm2Region = 0x018F,

    /// <summary><c>NPU_SET_IFM_BASE0</c>.</summary>
    SetIfmBase0 = 0x4000,

    /// <summary><c>NPU_SET_IFM_BASE1</c>.</summary>
    SetIfmBase1 = 0x4001,

    /// <summary><c>NPU_SET_IFM_BASE2</c>.</summary>
    SetIfmBase2 = 0x4002,

    /// <summary><c>NPU_SET_IFM_BASE3</c>.</summary>
    SetIfmBase3 = 0x4003,

    /// <summary><c>NPU_SET_IFM_STRIDE_X</c>.</summary>
    SetIfmStrideX = 0x4004,

    /// <summary><c>NPU_SET_IFM_STRIDE_Y</c>.</summary>
    SetIfmStrideY = 0x4005,

    /// <summary><c>NPU_SET_IFM_STRIDE_C</c>.</summary>
    SetIfmStrideC = 0x4006,

    /// <summary><c>NPU_SET_OFM_BASE0</c>.</summary>
    SetOfmBase0 = 0x4010,

    /// <summary><c>NPU_SET_OFM_BASE1</c>.</summary>
    SetOfmBase1 = 0x4011,

    /// <summary><c>NPU_SET_OFM_BASE2</c>.</summary>
    SetOfmBase2 = 0x4012,

    /// <summary><c>NPU_SET_OFM_BASE3</c>.</summary>
    SetOfmBase3 = 0x4013,

    /// <summary><c>NPU_SET_OFM_STRIDE_X</c>.</summary>
    SetOfmStrideX = 0x4014,

    /// <summary><c>NPU_SET_OFM_STRIDE_Y</c>.</summary>
    SetOfmStrideY = 0x4015,

    /// <summary><c>NPU_SET_OFM_STRIDE_C</c>.</summary>
    SetOfmStrideC = 0x4016,

    /// <summary><c>NPU_SET_WEIGHT_BASE</c>.</summary>
    SetWeightBase = 0x4020,

    /// <summary><c>NPU_SET_WEIGHT_LENGTH</c>.</summary>
    SetWeightLength = 0x4021,

    /// <summary><c>NPU_SET_SCALE_BASE</c>.</summary>
    SetScaleBase = 0x4022,

    /// <summary><c>NPU_SET_SCALE_LENGTH</c>.</summary>
    SetScaleLength = 0x4023,

    /// <summary><c>NPU_SET_OFM_SCALE</c>.</summary>
    SetOfmScale = 0x4024,

    /// <summary><c>NPU_SET_OPA_SCALE</c>.</summary>
    SetOpaScale = 0x4025,

    /// <summary><c>NPU_SET_OPB_SCALE</c>.</summary>
    SetOpbScale = 0x4026,

    /// <summary><c>NPU_SET_OP_SCALAR</c> (Ethos-U85).</summary>
    SetOpScalar = 0x4027,

    /// <summary><c>NPU_SET_DMA0_SRC</c>.</summary>
    SetDma0Src = 0x4030,

    /// <summary><c>NPU_SET_DMA0_DST</c>.</summary>
    SetDma0Dst = 0x4031,

    /// <summary><c>NPU_SET_DMA0_LEN</c>.</summary>
    SetDma0Len = 0x4032,

    /// <summary><c>NPU_SET_DMA0_SKIP0</c>.</summary>
    SetDma0Skip0 = 0x4033,

    /// <summary><c>NPU_SET_DMA0_SKIP1</c>.</summary>
    SetDma0Skip1 = 0x4034,

    /// <summary><c>NPU_SET_DMA0_DST_STRIDE0</c> (Ethos-U85).</summary>
    SetDma0DstStride0 = 0x4035,

    /// <summary><c>NPU_SET_DMA0_DST_STRIDE1</c> (Ethos-U85).</summary>
    SetDma0DstStride1 = 0x4036,

    /// <summary><c>NPU_SET_DMA0_IDX</c> (Ethos-U85).</summary>
    SetDma0Idx = 0x4037,

    /// <summary><c>NPU_SET_DMA0_IDX_MAX</c> (Ethos-U85).</summary>
    SetDma0IdxMax = 0x4038,

    /// <summary><c>NPU_SET_DMA0_IDX_SKIP1</c> (Ethos-U85).</summary>
    SetDma0IdxSkip1 = 0x4039,

    /// <summary><c>NPU_SET_IFM2_BASE0</c>.</summary>
    SetIfm2Base0 = 0x4080,

    /// <summary><c>NPU_SET_IFM2_BASE1</c>.</summary>
    SetIfm2Base1 = 0x4081,

    /// <summary><c>NPU_SET_IFM2_BASE2</c>.</summary>
    SetIfm2Base2 = 0x4082,

    /// <summary><c>NPU_SET_IFM2_BASE3</c>.</summary>
    SetIfm2Base3 = 0x4083,

    /// <summary><c>NPU_SET_IFM2_STRIDE_X</c>.</summary>
    SetIfm2StrideX = 0x4084,

    /// <summary><c>NPU_SET_IFM2_STRIDE_Y</c>.</summary>
    SetIfm2StrideY = 0x4085,

    /// <summary><c>NPU_SET_IFM2_STRIDE_C</c>.</summary>
    SetIfm2StrideC = 0x4086,

    /// <summary><c>NPU_SET_WEIGHT1_BASE</c>.</summary>
    SetWeight1Base = 0x4090,

    /// <summary><c>NPU_SET_WEIGHT1_LENGTH</c>.</summary>
    SetWeight1Length = 0x4091,

    /// <summary><c>NPU_SET_SCALE1_BASE</c>.</summary>
    SetScale1Base = 0x4092,

    /// <summary><c>NPU_SET_SCALE1_LENGTH</c>.</summary>
    SetScale1Length = 0x4093,

    /// <summary><c>NPU_SET_WEIGHT3_BASE</c> (Ethos-U85).</summary>
    SetWeight3Base = 0x4094,

    /// <summary><c>NPU_SET_WEIGHT3_LENGTH</c> (Ethos-U85).</summary>
    SetWeight3Length = 0x4095,

    /// <summary><c>NPU_SET_RESIZE_X_STEP</c> (Ethos-U85).</summary>
    SetResizeXStep = 0x4096,

    /// <summary><c>NPU_SET_RESIZE_Y_STEP</c> (Ethos-U85).</summary>
    SetResizeYStep = 0x4097,

    /// <summary><c>NPU_SET_USER_DEFINED0</c>.</summary>
    SetUserDefined0 = 0x40A0,

    /// <summary><c>NPU_SET_USER_DEFINED1</c>.</summary>
    SetUserDefined1 = 0x40A1,

    /// <summary><c>NPU_SET_USER_DEFINED2</c>.</summary>
    SetUserDefined2 = 0x40A2,

    /// <summary><c>NPU_SET_USER_DEFINED3</c>.</summary>
    SetUserDefined3 = 0x40A3,

    /// <summary><c>NPU_SET_USER_DEFINED4</c>.</summary>
    SetUserDefined4 = 0x40A4,

    /// <summary><c>NPU_SET_USER_DEFINED5</c>.</summary>
    SetUserDefined5 = 0x40A5,

    /// <summary><c>NPU_SET_USER_DEFINED6</c>.</summary>
    SetUserDefined6 = 0x40A6,

    /// <summary><c>NPU_SET_USER_DEFINED7</c>.</summary>
    SetUserDefined7 = 0x40A7,

    /// <summary><c>NPU_OP_BRANCH</c> (Ethos-U85).</summary>
    OpBranch = 0x4100,
}
