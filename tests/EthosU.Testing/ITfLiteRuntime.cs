using EthosU.Graphs;

namespace EthosU.Testing;

/// <summary>A runtime for TensorFlow Lite models that we did not write.</summary>
public interface ITfLiteRuntime
{
    /// <summary>Its name for messages.</summary>
    string Name { get; }

    /// <summary>Loads a model and runs it on several sets of inputs, each in the order of the model's inputs.</summary>
    /// <returns>The outputs of each run.</returns>
    /// <exception cref="TfLiteRuntimeException">The runtime refuses the model or its inputs, or complains.</exception>
    IReadOnlyList<IReadOnlyList<TensorData>> Run(string modelPath, IReadOnlyList<IReadOnlyList<TensorData>> inputs);
}
