using EthosU.Import;
using EthosU.Onnx;
using EthosU.Quantize.Data;
using EthosU.Quantize.Reference;
using EthosU.Quantize.Reference.OnnxRuntime;
using Xunit;

namespace EthosU.Quantize.Tests;

public class CancellationTests
{
    [Fact]
    public void A_run_of_the_source_model_ends_when_it_is_cancelled()
    {
        string path = Zoo.Path("mobilenetv3_cifar");
        ImportedModel model = OnnxReader.Read(path, cancellation: TestContext.Current.CancellationToken);
        Sample sample = Zoo.Data(model, "calibration.npz").Read(TestContext.Current.CancellationToken).First();
        string[] inputs = [.. model.Graph.Inputs.Select(input => input.Origin ?? input.Name)];
        using IReferenceSession source =
            new OnnxReferenceModel(path).Open(inputs, [.. model.Graph.Outputs.Select(output => output.Origin ?? output.Name)]);
        Assert.Single(source.Values);
        using (IReferenceValues values = source.Run([sample], TestContext.Current.CancellationToken))
            Assert.Equal(10, values.Elements(0, 0).Length);
        Assert.ThrowsAny<OperationCanceledException>(() => source.Run([sample], new CancellationToken(true)));
    }
}
