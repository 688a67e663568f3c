using EthosU.Onnx;
using EthosU.Quantize.Calibration;
using Xunit;

namespace EthosU.Quantize.Tests;

public class CancellationTests
{
    [Fact]
    public void A_run_of_the_source_model_ends_when_it_is_cancelled()
    {
        string path = Zoo.Path("mobilenetv3_cifar");
        OnnxModel model = OnnxReader.Read(path, cancellation: TestContext.Current.CancellationToken);
        using SourceModel source = new(path, []);
        Sample sample = Zoo.Data(model, "calibration.npz").Read(TestContext.Current.CancellationToken).First();
        string[] inputs = [.. model.Graph.Inputs.Select(input => input.Origin ?? input.Name)];
        Assert.Single(source.Run(inputs, sample, source.OutputNames, TestContext.Current.CancellationToken));
        Assert.ThrowsAny<OperationCanceledException>(() => source.Run(inputs, sample, source.OutputNames, new CancellationToken(true)));
    }
}
