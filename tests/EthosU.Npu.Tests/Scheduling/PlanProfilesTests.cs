using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Blocks;
using EthosU.Npu.Emission;
using EthosU.Npu.Memory;
using EthosU.Npu.Operations;
using EthosU.Npu.Performance;
using EthosU.Npu.Rewrites;
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
            Graph graph = ModelRewrites.Apply(TfLiteReader.Read(file)).Graph;
            CompileOptions options = new(target);
            Schedule schedule = new Scheduler(graph, options, static (_, _) => { }, TestContext.Current.CancellationToken)
                .Make(PlacementDecision.For(graph, options).IsOnNpu) with { Buffers = [] };
            CommandGenerator generator = new(schedule);
            PlanProfiles profiles = new(target, schedule.Bricks, tensor => target.MemoryOf(schedule.Places[tensor].Region));
            foreach (PlannedOp planned in schedule.Runs.SelectMany(static run => run.Ops).Where(static op => op.Op.Kind != NpuOpKind.Dma))
            {
                TimedOperation timed = Assert.Single(StreamProfiles.Of([generator.Kernel(planned)], target, blocks));
                WeightSizes size = planned.Op.HasWeights ? schedule.Weights.Of(planned).Sizes : default;
                Assert.Equal(timed.Profile,
                    profiles.Of(planned.Op, planned.Traversal, planned.Block, size, target.ConstMemory));
                Assert.Equal(timed.IsTableOnly, planned.Op.IsTableOnly);
                compared++;
            }
        }
        Assert.True(compared > 100);
    }
}
