using System.Collections.Immutable;

namespace EthosU.Npu.Scheduling;

/// <summary>The operations of a part of the model that becomes one custom operator.</summary>
/// <param name="Part">The nodes.</param>
/// <param name="Ops">Their operations, in the order of execution.</param>
internal sealed record ScheduledRun(NpuRun Part, ImmutableArray<PlannedOp> Ops);
