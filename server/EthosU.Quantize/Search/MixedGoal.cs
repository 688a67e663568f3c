namespace EthosU.Quantize.Search;

/// <summary>How far layers of an 8-bit model are moved to 16-bit activations.</summary>
/// <param name="MaxSlowdown">At most this share more cycles, such as 0.15; null: as many as the other goal takes.</param>
/// <param name="TargetSqnr">No further than until the outputs reach this signal to noise ratio in dB; null: as far as cycles allow.</param>
public sealed record MixedGoal(double? MaxSlowdown, double? TargetSqnr);
