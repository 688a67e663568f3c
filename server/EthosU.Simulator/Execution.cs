using System.Collections.Immutable;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;
using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>The state of a run: memory, shared RAM, work done so far, violations.</summary>
internal sealed class Execution
{
    private readonly HashSet<(int, string)> known = [];
    private readonly List<Violation> violations = [];
    private readonly SimulationOptions options;
    private readonly CancellationToken cancellation;
    private double work;
    private ushort writer;

    public Execution(NpuProgram program, NpuMemory memory, SimulationOptions options, CancellationToken cancellation)
    {
        Program = program;
        Memory = memory;
        SharedRam = new(program.Accelerator);
        Check = options.Check;
        Architecture = SimulatedArchitecture.Of(program.Accelerator);
        Kernels = Architecture.Kernels(this);
        this.options = options;
        this.cancellation = cancellation;
    }

    public NpuProgram Program { get; }

    public NpuMemory Memory { get; }

    public SharedRam SharedRam { get; }

    public Accelerator Accelerator => Program.Accelerator;

    public bool Check { get; }

    public SimulatedArchitecture Architecture { get; }

    public IKernels Kernels { get; }

    public long Work => (long)work;

    public ImmutableArray<Violation> Violations => [.. violations];

    /// <summary>The operation under way.</summary>
    public StreamOperation? Operation { get; private set; }

    /// <summary>Begins the next operation.</summary>
    public void Begin(StreamOperation operation)
    {
        Operation = operation;
        writer = Memory.NextWriter();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Called now and then in long loops.</summary>
    public void Step() => cancellation.ThrowIfCancellationRequested();

    /// <summary>Announces work; ends the run if it is too much.</summary>
    public void Charge(double amount)
    {
        work += amount;
        if (work > options.WorkLimit)
            throw new SimulationStopException(ViolationRules.TooMuchWork,
                $"the stream needs more than {options.WorkLimit} multiplications and moved elements");
    }

    /// <summary>Records a violation of the operation under way, once for each rule.</summary>
    public void Report(string rule, string description) => Report(Operation?.CommandIndex ?? -1, rule,
        Operation is null ? description : $"{OperationText.Describe(Operation)}: {description}");

    public void Report(int command, string rule, string description)
    {
        if (known.Add((command, rule)) && violations.Count < options.MaxViolations)
            violations.Add(new(command, rule, description));
    }

    /// <summary>Bytes to read. Ends the run if they lie outside of their region; reports it if nothing has written them.</summary>
    public ReadOnlySpan<byte> Read(int region, long address, long length, string what)
    {
        MemoryRegion source = Region(region, address, length, what);
        if (Check)
        {
            if (!source.IsWritten((int)address, (int)length))
                Report(ViolationRules.UnwrittenRead,
                    $"{what} at {region}:0x{address:X} is read, but {source.CountUnwritten((int)address, (int)length)} of {length} bytes "
                        + $"have not been written");
            else if (source.IsWrittenBy((int)address, (int)length, writer))
                Report(ViolationRules.OverwritesInput,
                    $"{what} at {region}:0x{address:X} is read after the operation itself has overwritten it");
        }
        return source.Content.Slice((int)address, (int)length);
    }

    /// <summary>Bytes to write. Ends the run if they lie outside of their region or may not be written.</summary>
    public Span<byte> Write(int region, long address, long length, string what)
    {
        MemoryRegion target = Region(region, address, length, what);
        if (target.IsReadOnly)
            throw new SimulationStopException(ViolationRules.ReadOnlyWrite,
                $"{what} at {region}:0x{address:X} would be written, but the region is read-only");
        if (Check && !target.MarkWritten((int)address, (int)length, writer))
            Report(ViolationRules.OverlappingWrite, $"{what} at {region}:0x{address:X} is written twice");
        return target.Bytes.Slice((int)address, (int)length);
    }

    /// <summary>Copies bytes and what is known of who wrote them.</summary>
    public void Copy(int fromRegion, long from, int toRegion, long to, long length)
    {
        MemoryRegion source = Region(fromRegion, from, length, "the source"), target = Region(toRegion, to, length, "the destination");
        if (target.IsReadOnly)
            throw new SimulationStopException(ViolationRules.ReadOnlyWrite,
                $"the destination at {toRegion}:0x{to:X} would be written, but the region is read-only");
        source.Content.Slice((int)from, (int)length).CopyTo(target.Bytes.Slice((int)to, (int)length));
        if (!Check)
            return;
        if (source.CountUnwritten((int)from, (int)length) == length && length > 0)
            Report(ViolationRules.UnwrittenRead,
                $"the source at {fromRegion}:0x{from:X} is read, but none of its {length} bytes has been written");
        target.CopyWriters((int)to, source, (int)from, (int)length, writer);
    }

    private MemoryRegion Region(int region, long address, long length, string what)
    {
        MemoryRegion found = Memory.Region(region)
            ?? throw new SimulationStopException(ViolationRules.OutsideRegion,
            $"{what} lies in region {region}, which the operator does not have");
        if (address < 0 || length < 0 || length > found.Size || address > found.Size - length)
            throw new SimulationStopException(ViolationRules.OutsideRegion,
                $"{what} at {region}:0x{address:X}, {length} bytes, lies outside of the region of {found.Size} bytes");
        return found;
    }
}
