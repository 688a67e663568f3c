using EthosU.Testing;

namespace EthosU.Cli.Tests;

/// <summary>The sample network and its data, which are part of the repository.</summary>
internal static class Digits
{
    public static string Model => Sample("simple_network.onnx");

    public static string Calibration => Sample("calibration.npz");

    public static string Test => Sample("test.npz");

    private static string Sample(string name) => Path.Combine(SharedData.RepositoryRoot, "samples", "digits", name);
}
