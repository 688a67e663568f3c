using System.Buffers.Binary;
using EthosU.Graphs;
using EthosU.Npu.Commands;
using EthosU.Npy;
using EthosU.Pipeline.Compiling;
using EthosU.Simulator;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests.Compile;

/// <summary>
/// The raw format holds all that a program needs to drive the NPU by itself: nothing is used here but the archive and docs/compiler.md.
/// </summary>
public sealed class RawModelTests
{
    [Theory]
    [InlineData("models/mlperf_tiny_resnet8_int8", "ethos-u55-128", "Shared_Sram")]
    [InlineData("models/mlperf_tiny_kws_dscnn_int8", "ethos-u65-512", "Dedicated_Sram")]
    [InlineData("models/mlperf_tiny_ad_autoencoder_int8", "ethos-u55-32", "Sram_Only")]
    [InlineData("opsuite/lstm_int8_batch2", "ethos-u55-256", "Shared_Sram")]
    [InlineData("opsuite/lstm_int16_batch_major", "ethos-u55-128", "Shared_Sram")]
    [InlineData("opsuite/log_softmax_int8_rank4", "ethos-u65-256", "Dedicated_Sram")]
    [InlineData("opsuite/mul_int8_batch2", "ethos-u55-64", "Shared_Sram")]
    public void An_archive_alone_is_enough_to_run_the_npu(string name, string accelerator, string mode)
    {
        string model = SharedData.Require(["data", .. (name + ".tflite").Split('/')]);
        string path = Path.GetTempFileName();
        try
        {
            CompileJob.Run(
                new()
                {
                    ModelPath = model,
                    OutputPath = path,
                    Format = CompiledFormat.Raw,
                    Target = new() { Accelerator = accelerator, SystemConfig = accelerator.Contains("u65", StringComparison.Ordinal)
                        ? "Ethos_U65_High_End" : null, MemoryMode = mode },
                },
                cancellation: TestContext.Current.CancellationToken);
            IReadOnlyDictionary<string, NumpyArray> raw = NumpyArchive.ReadAll(path),
                recorded = NumpyArchive.ReadAll(Path.ChangeExtension(model, "npz"));
            int samples = recorded["in0"].RowCount;
            Assert.True(samples > 0 && Numbers(raw["output_offset"]).Length > 0);
            for (int sample = 0; sample < samples; sample++)
                Run(raw, recorded, sample);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Run(IReadOnlyDictionary<string, NumpyArray> raw, IReadOnlyDictionary<string, NumpyArray> recorded, int sample)
    {
        NpuMemory memory = new();
        int arena = One(raw["scratch_region"]), fast = One(raw["scratch_fast_region"]), fastBytes = One(raw["scratch_fast_shape"]);
        memory.SetReadOnly(One(raw["weight_region"]), raw["weight_data"].Bytes);
        memory.SetScratch(arena, One(raw["scratch_shape"]), fill: 0xA5);
        if (fastBytes == 0)
            memory.SetAlias(fast, arena);
        else
            memory.SetScratch(fast, fastBytes, fill: 0xA5);
        int[] states = Numbers(raw["variable_offset"]), zeros = Numbers(raw["variable_zero_point"]);
        for (int i = 0; i < states.Length; i++)
        {
            var state = new byte[Bytes(raw, "variable", i)];
            if (Numbers(raw["variable_elem_size"])[i] == 1)
                state.AsSpan().Fill((byte)zeros[i]);
            else
                for (int at = 0; at < state.Length; at += 2)
                    BinaryPrimitives.WriteInt16LittleEndian(state.AsSpan(at), (short)zeros[i]);
            memory.Write(Numbers(raw["variable_region"])[i], states[i], state);
        }
        int[] inputs = Numbers(raw["input_offset"]), outputs = Numbers(raw["output_offset"]);
        for (int i = 0; i < inputs.Length; i++)
        {
            ReadOnlyMemory<byte> bytes = recorded[$"in{i}"].Row(sample);
            Assert.Equal(Bytes(raw, "input", i), bytes.Length);
            memory.Write(Numbers(raw["input_region"])[i], inputs[i], bytes.Span);
        }
        SimulationResult result =
            NpuSimulator.Run(new(DriverPayload.Decode(raw["cmd_data"].Bytes.Span, "raw"), "raw"), memory,
            cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.Completed);
        Assert.Empty(result.Violations);
        for (int i = 0; i < outputs.Length; i++)
            Assert.Equal(recorded[$"out{i}"].Row(sample).ToArray(),
                memory.Read(Numbers(raw["output_region"])[i], outputs[i], Bytes(raw, "output", i)));
    }

    private static int Bytes(IReadOnlyDictionary<string, NumpyArray> raw, string prefix, int index)
    {
        int rank = raw[$"{prefix}_shape"].Shape[1];
        return Numbers(raw[$"{prefix}_shape"]).AsSpan(index * rank, rank).ToArray()
            .Aggregate(Numbers(raw[$"{prefix}_elem_size"])[index], (product, size) => product * size);
    }

    private static int One(NumpyArray array) => Assert.Single(Numbers(array));

    private static int[] Numbers(NumpyArray array)
    {
        Assert.Equal(ElementType.Int32, array.Type);
        return new TensorData(array.Type, array.Shape, array.Bytes).ToInt32Array();
    }
}
