namespace EthosU.Graphs;

/// <summary>
/// What a node computes: an operator of TensorFlow Lite with its options, without its operands. The set is closed: all
/// operators are records in this assembly. Operands that TensorFlow Lite passes as tensors (axes, paddings, shapes) are
/// inputs of the node here too (tflite-format 4 and 6).
/// </summary>
public abstract record Operator
{
    private protected Operator()
    {
    }

    /// <summary>TensorFlow Lite's number of the operator.</summary>
    public abstract BuiltinCode Code { get; }

    /// <summary>TensorFlow Lite's spelling of the name, such as <c>CONV_2D</c>; for custom operators their own.</summary>
    public virtual string Name => Code.TfLiteName();

    /// <summary>The clamp applied to the result, <see cref="FusedActivation.None"/> where the operator has none.</summary>
    /// <exception cref="InvalidOperationException">One is set on an operator that has none.</exception>
    public virtual FusedActivation Activation
    {
        get => FusedActivation.None;
        init
        {
            if (value != FusedActivation.None)
                throw new InvalidOperationException($"{Name} has no fused activation");
        }
    }

    /// <summary>True if the operator has a place for a fused activation.</summary>
    public bool TakesActivation => this is Conv2D or DepthwiseConv2D or TransposeConv or FullyConnected or Pool2D
        or Binary { Kind: BinaryKind.Add or BinaryKind.Sub or BinaryKind.Mul or BinaryKind.Div };
}
