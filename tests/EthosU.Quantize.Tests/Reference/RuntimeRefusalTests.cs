using EthosU.Quantize.Reference.OnnxRuntime;
using Xunit;

namespace EthosU.Quantize.Tests.Reference;

/// <summary>Of what ONNX Runtime says, the node and the reason are left, and none of its C++.</summary>
public sealed class RuntimeRefusalTests
{
    [Theory]
    [InlineData("[ErrorCode:InvalidArgument] Non-zero status code returned while running LSTM node. Name:'n' Status Message: Input W must "
        + "have shape {1,4,4}. Actual:{1,8,4}",
        "node 'n' (LSTM): Input W must have shape {1,4,4}. Actual:{1,8,4}")]
    [InlineData("[ErrorCode:Fail] Non-zero status code returned while running Trilu node. Name:'n' Status Message: /src/core/trilu.cc:107 "
        + "virtual Status Trilu::Compute(Context*) const IsScalar(k) was false. k should be a tensor.\n",
        "node 'n' (Trilu): k should be a tensor")]
    [InlineData("[ErrorCode:InvalidGraph] Load model from a b.onnx failed:This is an invalid model. In Node, (\"n\", Concat, \"\", -1) : "
        + "(\"x\": tensor(float),) -> (\"y\": tensor(float),) , Error Required attribute 'axis' is missing.",
        "node 'n' (Concat): Required attribute 'axis' is missing")]
    [InlineData("[ErrorCode:Fail] Node (n) Op (Dropout) [ShapeInferenceError] Ratio of Dropout must be a scalar.",
        "node 'n' (Dropout): Ratio of Dropout must be a scalar")]
    [InlineData("[ErrorCode:Fail] Load model from x.onnx failed:This is an invalid model. Error: two nodes with same node name (n).",
        "two nodes with same node name (n)")]
    [InlineData("[ErrorCode:Fail] Exception during initialization: /src/core/rnn.h:25 RNN<T>::RNN(const Info&) [with T = float] a.find(b) "
        + "!= a.end() was false. \n", "an attribute has a value that it does not know")]
    [InlineData("[ErrorCode:InvalidGraph] Load model from x failed:/src/model.cc:340 Model::Model(const Options&) [ONNXRuntimeError] : 10 "
        + ": INVALID_GRAPH : Functions must not be recursive.", "Functions must not be recursive")]
    public void OnlyNodeAndReasonAreLeft(string message, string expected) => Assert.Equal(expected, RuntimeRefusal.Of(message).ToString());
}
