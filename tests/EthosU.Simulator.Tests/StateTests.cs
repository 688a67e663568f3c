using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npy;
using EthosU.Testing;
using EthosU.TfLite;
using Xunit;

namespace EthosU.Simulator.Tests;

public sealed class StateTests
{
    [Theory]
    [InlineData("5.1/ethos-u55-128", "lstm_int8_batch_major")]
    [InlineData("5.1/ethos-u65-256", "lstm_int16_batch_major")]
    [InlineData("3.10/ethos-u55-128", "lstm_int8_time_major")]
    public void Recurrent_state_carries_on_from_run_to_run_and_is_reset(string archive, string name)
    {
        Graph compiled = TfLiteReader.Read(CompiledSuite.Operators(archive)[name], name, out ImmutableArray<Tensor> tensors);
        Graph original = TfLiteReader.Read(SharedData.Require("data", "opsuite", $"{name}.tflite"));
        GraphInterpreter npu = new(compiled, new() { CustomOperator = new EthosUOperator(compiled, tensors, name).Run }),
            reference = new(original);
        NumpyArray samples = NumpyArchive.ReadAll(SharedData.Require("data", "opsuite", $"{name}.npz"))["in0"];
        List<byte[]> outputs = [];
        for (int run = 0; run < 5; run++)
        {
            if (run == 4)
            {
                npu.ResetVariables();
                reference.ResetVariables();
            }
            TensorData input = new(original.Inputs[0].Type, original.Inputs[0].Shape, samples.Row(0));
            byte[] actual = npu.Run([input])[0].Bytes.ToArray();
            Assert.Equal(reference.Run([input])[0].Bytes.ToArray(), actual);
            outputs.Add(actual);
        }
        Assert.NotEqual(outputs[0], outputs[1]);
        Assert.Equal(outputs[0], outputs[4]);
    }
}
