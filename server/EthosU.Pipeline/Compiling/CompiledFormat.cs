namespace EthosU.Pipeline.Compiling;

/// <summary>The form in which a compiled model is written.</summary>
public enum CompiledFormat
{
    /// <summary>A TensorFlow Lite model with <c>ethos-u</c> operators.</summary>
    TfLite,

    /// <summary>
    /// The parts alone, as NumPy arrays in an archive (<c>.npz</c>), for programs that drive the NPU themselves; see
    /// <c>docs/compiler.md</c>.
    /// </summary>
    Raw,
}
