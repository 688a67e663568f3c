using System.Collections.Immutable;

namespace EthosU.Npu.Commands;

/// <summary>The registers that describe one of the three feature maps; they differ in nothing but their codes.</summary>
internal sealed record FeatureMapRegisters(
    CommandCode Region, CommandCode Base0, CommandCode Height0, CommandCode Height1, CommandCode Width0, CommandCode StrideX,
    CommandCode ZeroPoint, CommandCode Precision, CommandField ElementWidth)
{
    public static readonly FeatureMapRegisters Ifm = new(
        CommandCode.SetIfmRegion, CommandCode.SetIfmBase0, CommandCode.SetIfmHeight0M1, CommandCode.SetIfmHeight1M1,
        CommandCode.SetIfmWidth0M1,
        CommandCode.SetIfmStrideX, CommandCode.SetIfmZeroPoint, CommandCode.SetIfmPrecision, CommandFields.IfmWidth);

    public static readonly FeatureMapRegisters Ifm2 = new(
        CommandCode.SetIfm2Region, CommandCode.SetIfm2Base0, CommandCode.SetIfm2Height0M1, CommandCode.SetIfm2Height1M1,
        CommandCode.SetIfm2Width0M1,
        CommandCode.SetIfm2StrideX, CommandCode.SetIfm2ZeroPoint, CommandCode.SetIfm2Precision, CommandFields.IfmWidth);

    public static readonly FeatureMapRegisters Ofm = new(
        CommandCode.SetOfmRegion, CommandCode.SetOfmBase0, CommandCode.SetOfmHeight0M1, CommandCode.SetOfmHeight1M1,
        CommandCode.SetOfmWidth0M1,
        CommandCode.SetOfmStrideX, CommandCode.SetOfmZeroPoint, CommandCode.SetOfmPrecision, CommandFields.OfmWidth);

    /// <summary>The registers of the four bases.</summary>
    public ImmutableArray<CommandCode> Bases => [Base0, Base0 + 1, Base0 + 2, Base0 + 3];

    public CommandCode StrideY => StrideX + 1;

    public CommandCode StrideC => StrideX + 2;
}
