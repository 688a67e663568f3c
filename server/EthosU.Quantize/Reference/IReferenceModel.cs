using EthosU.Graphs;

namespace EthosU.Quantize.Reference;

/// <summary>
/// A model in real numbers that is run to learn which values it computes: for calibration, and to measure a quantized model against.
/// </summary>
public interface IReferenceModel
{
    /// <summary>Loads the model.</summary>
    /// <param name="inputs">Names of its inputs, in the order in which samples hold them.</param>
    /// <param name="values">Names of the values wanted. Those that the model does not compute as real numbers are left out.</param>
    /// <exception cref="ModelFormatException">The model is refused; the message says why.</exception>
    /// <exception cref="UnsupportedModelException">The model holds what cannot be run.</exception>
    IReferenceSession Open(IReadOnlyList<string> inputs, IEnumerable<string> values);
}
