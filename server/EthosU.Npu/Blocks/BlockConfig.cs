using EthosU.Npu.Targets;

namespace EthosU.Npu.Blocks;

/// <summary>A block that fits in shared RAM.</summary>
/// <param name="OfmBlock">Block of the output, as programmed.</param>
/// <param name="IfmBlock">Block of the input that it needs.</param>
/// <param name="Layout">Division of the shared RAM.</param>
/// <param name="Cost">Elements fetched per element of the output, roughly; smaller is better.</param>
internal readonly record struct BlockConfig(BlockShape OfmBlock, BlockShape IfmBlock, ShramLayout Layout, double Cost);
