using System.Collections.Immutable;

namespace EthosU.Pipeline.Compiling;

/// <summary>The curve of memory against cycles: what <c>ethosu compile --frontier</c> tells.</summary>
/// <param name="Model">The model, as the user named it.</param>
/// <param name="Target">Accelerator, system configuration and memory mode.</param>
/// <param name="Memory">The memory of which the curve is: <c>arena</c>, or <c>fast memory</c> where the memory mode has some.</param>
/// <param name="Points">The points, the smallest memory first.</param>
public sealed record FrontierReport(string Model, string Target, string Memory, ImmutableArray<FrontierPointReport> Points);
