using EthosU.Testing;
using Xunit;

namespace EthosU.Simulator.Tests;

/// <summary>
/// Whole networks as compiled by Vela for all accelerators. One sample each, all of them where the full tests are asked for.
/// </summary>
public sealed class CompiledNetworkTests
{
    public static TheoryData<string> Networks => SharedData.Exists ? [.. CompiledSuite.Networks()] : [""];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Outputs_equal_the_recorded_ones_without_violation(string path)
    {
        string file = SharedData.Require("data", "models", "vela", path);
        byte[] content = File.ReadAllBytes(file);
        Assert.Null(StreamRoundTrip.Problem(content, path, path.StartsWith("3.10", StringComparison.Ordinal)));
        bool all = Environment.GetEnvironmentVariable("ETHOSU_FULL_TESTS") == "1";
        string expected = SharedData.Require("data", "models", Path.ChangeExtension(Path.GetFileName(path), ".npz"));
        CompiledRun run = CompiledRun.Of(content, path, expected, all ? int.MaxValue : 1);
        Assert.Equal(0, run.DifferingBytes);
        Assert.Empty(run.Violations);
        Assert.True(run.Operators > 0);
    }
}
