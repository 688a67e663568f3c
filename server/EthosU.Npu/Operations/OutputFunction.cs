namespace EthosU.Npu.Operations;

/// <summary>What happens to a scaled result.</summary>
internal enum OutputFunction
{
    /// <summary>Clamp only.</summary>
    None,

    /// <summary>The hardware's hyperbolic tangent of an input in units of 1/12288.</summary>
    Tanh,

    /// <summary>The hardware's logistic function of an input in units of 1/12288.</summary>
    Sigmoid,

    /// <summary>A table.</summary>
    Table,
}
