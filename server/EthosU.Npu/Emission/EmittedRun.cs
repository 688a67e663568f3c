using System.Collections.Immutable;
using EthosU.Npu.Scheduling;

namespace EthosU.Npu.Emission;

/// <summary>The command stream of a part of the model.</summary>
/// <param name="Part">The nodes.</param>
/// <param name="Ops">Their operations.</param>
/// <param name="Payload">What the driver gets.</param>
internal sealed record EmittedRun(NpuRun Part, ImmutableArray<PlannedOp> Ops, byte[] Payload);
