using System.Collections.Immutable;
using EthosU.Pipeline.Inspecting;

namespace EthosU.Pipeline.Running;

/// <summary>What a run gave.</summary>
/// <param name="Samples">How many samples were run.</param>
/// <param name="Outputs">The model's outputs.</param>
/// <param name="Files">The file of each output.</param>
/// <param name="Violations">Rules of the hardware that command streams of <c>ethos-u</c> operators broke, each once.</param>
public sealed record RunReport(int Samples, ImmutableArray<TensorDescription> Outputs, ImmutableArray<string> Files,
    ImmutableArray<string> Violations);
