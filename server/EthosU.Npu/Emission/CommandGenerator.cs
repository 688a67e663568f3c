using System.Collections.Immutable;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Scheduling;
using EthosU.Npu.Targets;
using EthosU.Npu.Weights;

namespace EthosU.Npu.Emission;

/// <summary>Turns the operations of a schedule into the command streams of custom operators.</summary>
/// <param name="schedule">All decisions.</param>
internal sealed class CommandGenerator(Schedule schedule)
{
    private readonly Accelerator accelerator = schedule.Target.Accelerator;
    private readonly MemoryMap memory = new(schedule.Places, schedule.Bricks, schedule.Rolling);
    private readonly Dictionary<int, (int Region, long Address)> buffered = schedule.CopiesOfWeights();
    private readonly ILookup<int, DmaOperation> copies = Copies(schedule);

    /// <summary>The operations of the stream, tables' transfers among them, with waits and block dependencies.</summary>
    public ImmutableArray<StreamOperation> Generate(IReadOnlyList<PlannedOp> ops)
    {
        var operations = ImmutableArray.CreateBuilder<StreamOperation>(ops.Count);
        Hazards hazards = new(accelerator);
        KernelOperation? previous = null;
        foreach (PlannedOp planned in ops)
        {
            NpuOp op = planned.Op;
            if (op.Kind == NpuOpKind.Dma)
            {
                foreach (DmaOperation transfer in Transfers(op))
                    operations.Add(hazards.WithWaits(transfer));
                continue;
            }
            foreach (DmaOperation copy in copies[planned.Step])
                operations.Add(hazards.WithWaits(copy));
            if (planned.TableAddress is { } tableAddress)
                operations.Add(hazards.WithWaits(new DmaOperation
                {
                    Source = new(MemoryRegions.ReadOnly, tableAddress),
                    Destination = DmaEnd.SharedRam(accelerator.LutAddress + (planned.TableSlot * Accelerator.LutSlotBytes)),
                    Length = op.Table!.Bytes.Length,
                }));
            KernelOperation kernel = Kernel(planned);
            kernel = kernel with { BlockDependency = BlockDependency.Find(accelerator, previous, kernel) };
            operations.Add(hazards.WithWaits(kernel));
            previous = kernel;
        }
        return operations.ToImmutable();
    }

    /// <summary>The payload of a stream.</summary>
    public byte[] Encode(ImmutableArray<StreamOperation> operations)
    {
        NpuArchitecture architecture = NpuArchitecture.Of(accelerator);
        HardwareConfig config = architecture.Commands.ConfigOf(accelerator);
        return DriverPayload.Create(config, architecture.Writer.Write(config, operations)).Encode();
    }

    /// <summary>The transfers of weights by the step before which they stand; what is needed first comes first.</summary>
    private static ILookup<int, DmaOperation> Copies(Schedule schedule)
    {
        Dictionary<int, PlannedOp> ops = schedule.Runs.SelectMany(static run => run.Ops).ToDictionary(static op => op.Step);
        List<(int Step, DmaOperation Copy)> all = [];
        foreach (WeightBuffer buffer in schedule.Buffers.OrderBy(static buffer => buffer.Users[0]))
        {
            (int region, long place) = schedule.Places[buffer.Tensor];
            PlannedOp user = ops[buffer.Users[0]];
            long address = schedule.Weights.AddressOf(user) + schedule.Weights.Of(user).Offset;
            long done = 0;
            foreach (WeightChunk chunk in buffer.Chunks)
            {
                all.Add((chunk.Step, new()
                {
                    Source = new(MemoryRegions.ReadOnly, address + done),
                    Destination = new(region, place + done),
                    Length = chunk.Bytes,
                }));
                done += chunk.Bytes;
            }
        }
        return all.ToLookup(static copy => copy.Step, static copy => copy.Copy);
    }

    /// <summary>A copy of rows: one transfer, or two where the buffer that is filled begins again.</summary>
    private IEnumerable<DmaOperation> Transfers(NpuOp op)
    {
        StreamRange source = memory.Resolve(op.Ifm, 0).Ranges().Single();
        (int from, int to) = (schedule.Places[op.Ifm.Tensor].Region, schedule.Places[op.Ofm.Tensor].Region);
        long done = 0;
        foreach (StreamRange range in memory.Resolve(op.Ofm, 0).Ranges())
        {
            yield return new()
            {
                Source = new(from, source.Address + done),
                Destination = new(to, range.Address),
                Length = range.Length,
            };
            done += range.Length;
        }
    }

    /// <summary>The operation without waits and dependencies.</summary>
    public KernelOperation Kernel(PlannedOp planned)
    {
        NpuOp op = planned.Op;
        AddressedFeatureMap ifm = memory.Resolve(op.Ifm, op.IfmZeroPoint), ofm = memory.Resolve(op.Ofm, op.OfmZeroPoint);
        FixedPointScale? scale = op.OfmScale;
        OfmScaleMode mode = scale is null ? OfmScaleMode.PerChannel : OfmScaleMode.Global;
        NpuActivation activation = op.ActivationFor(planned.TableSlot);
        switch (op.Kind)
        {
            case NpuOpKind.Convolution or NpuOpKind.VectorProduct or NpuOpKind.Depthwise:
                StoredWeights weights = schedule.Weights.Of(planned);
                long address = schedule.Weights.AddressOf(planned);
                int region = MemoryRegions.ReadOnly;
                if (buffered.TryGetValue(planned.Step, out (int Region, long Address) copy))
                    (region, address) = (copy.Region, copy.Address - weights.Offset);
                return new ConvolutionOperation
                {
                    IsDepthwise = op.Kind == NpuOpKind.Depthwise,
                    WeightOrder = planned.Traversal == WeightTraversal.PartKernelFirst ? KernelWeightOrder.PartKernelFirst
                        : KernelWeightOrder.DepthFirst,
                    WeightRegion = region,
                    ScaleRegion = region,
                    Weights = Streams(weights, range => new(address + range.Offset + range.WeightOffset, range.WeightBytes)),
                    Scales = Streams(weights, range => new(address + range.Offset, range.WeightOffset)),
                    Kernel = op.Kernel,
                    Padding = op.Padding,
                    Upscale = op.Upscale,
                    Ifm = ifm,
                    Ofm = ofm,
                    Rounding = op.Rounding,
                    Activation = activation,
                    Block = planned.Block,
                    SharedRam = planned.SharedRam,
                    Cores = accelerator.Cores,
                };
            case NpuOpKind.Elementwise:
                return new ElementwiseOperation
                {
                    Mode = op.Function,
                    Ifm = ifm,
                    Ifm2 = !op.IsBinary ? null : op.Ifm2 is { } ifm2 ? memory.Resolve(ifm2, op.Ifm2ZeroPoint)
                        : ifm with { ZeroPoint = op.Ifm2ZeroPoint },
                    Scalar = op.Scalar,
                    ReverseOperands = op.Reversed,
                    BroadcastHeight = op.Ifm2 is { Height: 1 } && ofm.Height > 1,
                    BroadcastWidth = op.Ifm2 is { Width: 1 } && ofm.Width > 1,
                    BroadcastDepth = op.Ifm2 is { Depth: 1 } && ofm.Depth > 1,
                    OperandScaling = op.OperandScaling,
                    Ofm = ofm,
                    ScaleMode = mode,
                    OfmScale = scale ?? FixedPointScale.One,
                    Rounding = op.Rounding,
                    Activation = activation,
                    Block = planned.Block,
                    SharedRam = planned.SharedRam,
                    Cores = accelerator.Cores,
                };
            default:
                return new PoolingOperation
                {
                    Mode = op.Kind switch { NpuOpKind.MaxPool => PoolingMode.Max, NpuOpKind.AveragePool => PoolingMode.Average, _ =>
                        PoolingMode.ReduceSum },
                    Kernel = op.Kernel,
                    Padding = op.Padding,
                    Upscale = op.Upscale,
                    Ifm = ifm,
                    Ofm = ofm,
                    ScaleMode = mode,
                    OfmScale = scale,
                    Rounding = op.Rounding,
                    Activation = activation,
                    Block = planned.Block,
                    SharedRam = planned.SharedRam,
                    Cores = accelerator.Cores,
                };
        }
    }

    private ImmutableArray<StreamRange> Streams(StoredWeights weights, Func<WeightRange, StreamRange> range) =>
        [.. Enumerable.Range(0, accelerator.Cores)
        .Select(core => weights.Ranges.FirstOrDefault(r => r.Core == core) is { WeightBytes: > 0 } found ? range(found)
        : range(weights.Ranges[0]) with { Length = 0 })];
}
