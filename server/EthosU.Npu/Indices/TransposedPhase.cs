namespace EthosU.Npu.Indices;

/// <summary>The results of a transposed convolution along an axis that have the same taps.</summary>
/// <param name="Tap">The first tap; the others are a stride apart.</param>
/// <param name="First">The first result.</param>
/// <param name="Count">Results, a stride apart.</param>
/// <param name="Element">What the first tap of the first result belongs to; the other taps belong to the elements before.</param>
/// <param name="Taps">Taps; 0 where the kernel is shorter than the stride.</param>
internal readonly record struct TransposedPhase(int Tap, int First, int Count, int Element, int Taps);
