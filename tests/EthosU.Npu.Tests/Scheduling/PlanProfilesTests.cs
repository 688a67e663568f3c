using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Blocks;
using EthosU.Npu.Emission;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Scheduling;
using EthosU.Npu.Support;
using EthosU.Npu.Targets;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Npu.Tests.Scheduling;

/// <summary>The plan's costs are those of the commands that are made of it.</summary>
public sealed class PlanProfilesTests
{
    [Theory]
    [InlineData("ethos-u55-128", "Shared_Sram")]
    [InlineData("ethos-u55-32", "Sram_Only")]
    [InlineData("ethos-u65-512", "Dedicated_Sram")]
    public void A_profile_is_the_same_before_and_after_commands_are_made(string accelerator, string mode)
    {
        Target target = TargetCatalog.Standard.Resolve(accelerator, memoryMode: mode);
        IBlockModel blocks = NpuArchitecture.Of(target.Accelerator).Blocks;
        int compared = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("data", "opsuite"), "*.tflite", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Where((_, i) => i % 4 == 0))
        {
            Graph graph = TfLiteReader.Read(file);
            CompileOptions options = new(target);
            Schedule schedule = new Scheduler(graph, options, static (_, _) => { }, TestContext.Current.CancellationToken)
                .Make(PlacementDecision.For(graph, options).IsOnNpu) with { Buffers = [] };
            CommandGenerator generator = new(schedule);
            PlanProfiles profiles =
                new(target, schedule.Bricks, tensor => target.MemoryOf(schedule.Places[tensor].Region),
                op => schedule.Weights.Of(op).Packed);
            foreach (PlannedOp planned in schedule.Runs.SelectMany(static run => run.Ops).Where(static op => op.Op.Kind != NpuOpKind.Dma))
            {
                TimedOperation timed = Assert.Single(StreamProfiles.Of([generator.Kernel(planned)], target, blocks));
                Assert.Equal(timed.Profile, profiles.Of(planned));
                Assert.Equal(timed.IsTableOnly, planned.Op.IsTableOnly);
                compared++;
            }
        }
        Assert.True(compared > 100);
    }

    [Theory]
    [InlineData("ethos-u55-128", "Shared_Sram")]
    [InlineData("ethos-u55-32", "Sram_Only")]
    [InlineData("ethos-u65-512", "Dedicated_Sram")]
    public void An_estimate_is_the_same_before_and_after_commands_are_made(string accelerator, string mode)
    {
        Target target = TargetCatalog.Standard.Resolve(accelerator, memoryMode: mode);
        int compared = 0;
        foreach (string file in Directory.EnumerateFiles(SharedData.Require("data", "opsuite"), "*.tflite", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Where((_, i) => i % 4 == 1))
        {
            Graph graph = TfLiteReader.Read(file);
            CompileOptions options = new(target);
            Schedule schedule = new Scheduler(graph, options, static (_, _) => { }, TestContext.Current.CancellationToken)
                .Make(PlacementDecision.For(graph, options).IsOnNpu);
            ScheduleEstimator estimator = new(schedule);
            CommandGenerator generator = new(schedule);
            OperationEstimate[] before =
                [.. schedule.Runs.SelectMany(estimator.Estimate).Select(static estimated => estimated.Estimate)],
                after = [.. schedule.Runs
                    .SelectMany(run => PerformanceEstimator.Estimate(generator.Generate(run.Ops), target).Operations)];
            // Who reads a stream takes operations that write side by side for depth slices of one.
            if (after.Length != before.Length)
                continue;
            Assert.Equal(after.Select(static estimate => (estimate.NpuCycles, estimate.TotalCycles, estimate.Macs)),
                before.Select(static estimate => (estimate.NpuCycles, estimate.TotalCycles, estimate.Macs)));
            compared += after.Length;
        }
        Assert.True(compared > 100);
    }
}
