namespace EthosU.Npu.Operations;

/// <summary>Form of weight streams (npu-u85 7.1).</summary>
/// <param name="IsFast">True for the form that is decoded at a fixed rate; one stream for all decoders.</param>
/// <param name="IsSparse">True if of four weights next to each other two are 0.</param>
public readonly record struct WeightForm(bool IsFast, bool IsSparse);
