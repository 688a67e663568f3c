using EthosU.Npu.Targets;

namespace EthosU.Simulator;

/// <summary>What the simulator knows of an architecture, one answer a question.</summary>
/// <param name="Kernels">Makes what executes the operations of a run.</param>
/// <param name="Rules">Makes what checks the operations of a run.</param>
/// <param name="Jobs">What it works on at once.</param>
/// <param name="Weights">How it reads weights.</param>
internal sealed record SimulatedArchitecture(
    Func<Execution, IKernels> Kernels, Func<Execution, IKernelRules> Rules, IJobRules Jobs, IWeightForms Weights)
{
    private static readonly SimulatedArchitecture SharedRam = new(static run => new SharedRamKernels(run),
        static run => new SharedRamRules(run), new SharedRamJobs(), new CoreWeights());

    private static readonly SimulatedArchitecture Engine = new(static run => new EngineKernels(run),
        static run => new EngineRules(run), new EngineJobs(), new DecoderWeights());

    /// <summary>That of an accelerator.</summary>
    public static SimulatedArchitecture Of(Accelerator accelerator) => accelerator.Engine is null ? SharedRam : Engine;
}
