namespace EthosU.Import.Formulas;

/// <summary>The numbers of a batch normalization, one of each for each channel.</summary>
/// <param name="Scale">Factors.</param>
/// <param name="Bias">What is added.</param>
/// <param name="Mean">Means of the training data.</param>
/// <param name="Variance">Variances of the training data.</param>
/// <param name="Epsilon">Added to the variances.</param>
public sealed record ChannelStatistics(float[] Scale, float[] Bias, float[] Mean, float[] Variance, float Epsilon);
