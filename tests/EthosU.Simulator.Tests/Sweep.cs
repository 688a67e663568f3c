using System.Diagnostics;
using EthosU.Graphs;
using EthosU.Testing;
using Xunit;

namespace EthosU.Simulator.Tests;

public sealed class Sweep(ITestOutputHelper output)
{
    [Fact]
    public void All()
    {
        using StreamWriter log = new("/tmp/sim_sweep.txt");
        foreach (string archive in CompiledSuite.Archives)
        {
            Stopwatch watch = Stopwatch.StartNew();
            int exact = 0, different = 0, failed = 0;
            foreach ((string name, byte[] content) in CompiledSuite.Operators(archive))
            {
                try
                {
                    CompiledRun run = CompiledRun.Of(content, name, SharedData.Require("data", "opsuite", $"{name}.npz"));
                    if (run.DifferingBytes == 0) exact++; else { different++; log.WriteLine($"{archive} {name} DIFF {run.DifferingBytes} {run.LargestDifference}"); }
                    foreach (Violation v in run.Violations)
                        log.WriteLine($"{archive} {name} VIOLATION {v}");
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    failed++;
                    log.WriteLine($"{archive} {name} FAIL {e.GetType().Name} {(e is UnsupportedModelException or ModelFormatException ? e.Message : e.ToString())}");
                }
            }
            log.WriteLine($"== {archive} exact {exact} different {different} failed {failed} {watch.Elapsed.TotalSeconds:F1}s");
            log.Flush();
        }
        foreach (string path in CompiledSuite.Networks())
        {
            Stopwatch watch = Stopwatch.StartNew();
            string model = Path.GetFileName(path);
            CompiledRun run = CompiledRun.Of(File.ReadAllBytes(SharedData.Require("data", "models", "vela", path)), path, SharedData.Require("data", "models", Path.ChangeExtension(model, ".npz")), 1);
            log.WriteLine($"{path} DIFF {run.DifferingBytes} {watch.Elapsed.TotalSeconds:F2}s");
            foreach (Violation v in run.Violations)
                log.WriteLine($"{path} VIOLATION {v}");
        }
        output.WriteLine("done");
    }
}
