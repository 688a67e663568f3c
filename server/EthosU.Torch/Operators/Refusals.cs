using EthosU.Import;

namespace EthosU.Torch.Operators;

/// <summary>Why operators cannot be expressed, and what to do about them, in a PyTorch user's words.</summary>
internal static class Refusals
{
    private static readonly HashSet<string> Random = new(StringComparer.Ordinal)
    {
        "rand", "rand_like", "randn", "randn_like", "randint", "randint_like", "randperm", "bernoulli", "multinomial", "normal", "uniform",
        "exponential", "geometric", "poisson", "random", "log_normal", "cauchy", "rrelu_with_noise",
    };

    private static readonly HashSet<string> SizedByValues = new(StringComparer.Ordinal)
    {
        "nonzero", "nonzero_static", "nonzero_numpy", "masked_select", "unique", "_unique", "_unique2", "unique_dim", "unique_consecutive",
        "argwhere", "bincount", "repeat_interleave", "histc",
    };

    private static readonly HashSet<string> Complex = new(StringComparer.Ordinal)
    {
        "view_as_complex", "view_as_real", "complex", "polar", "real", "imag", "conj", "_conj", "angle", "stft", "istft",
    };

    private static readonly HashSet<string> Solvers = new(StringComparer.Ordinal)
    {
        "inverse", "linalg_inv", "linalg_inv_ex", "linalg_det", "det", "linalg_svd", "linalg_eigh", "linalg_solve", "linalg_qr",
        "cholesky", "linalg_cholesky", "linalg_pinv", "linalg_lstsq",
    };

    private static readonly HashSet<string> ControlFlowOperators = new(StringComparer.Ordinal)
    {
        "cond", "while_loop", "map", "map_impl", "scan", "associative_scan", "invoke_subgraph", "flex_attention", "switch", "for_loop",
    };

    /// <summary>Why there is no importer for an operator.</summary>
    public static UnsupportedOperatorException Of(string target)
    {
        string[] parts = target.Split('.');
        (string library, string name) = parts.Length > 1 ? (parts[0], parts[1]) : ("", target);
        string function = name.TrimEnd('_');
        if (library == "higher_order")
            return ControlFlowOperators.Contains(name) ? ControlFlow(target)
                : new($"The operator {target} around a part of the network is not known.", "Export without it.");
        if (library is "torchvision")
            return new($"The operator {target} is post-processing that TensorFlow Lite does not have.",
                "End the exported module before it and do it in the application.");
        if (library is not ("aten" or "prims" or "quantized_decomposed" or "_operator" or "math"))
            return new($"The operator {target} is of a library of its own ('{library}'); what it computes is not in the program.",
                "Write it with PyTorch's operators in the exported module, or cut the module before it.");
        if (Random.Contains(function))
            return new($"The operator {target} makes random numbers.",
                "Call model.eval() before the export, or give random numbers to the network as an input.");
        if (SizedByValues.Contains(function))
            return new($"The size of the result of {target} depends on the values of its operand.",
                "Write the module without boolean indexing, torch.nonzero and torch.unique (torch.where with three arguments is fine).");
        if (Complex.Contains(function) || function.TrimStart('_').StartsWith("fft_", StringComparison.Ordinal))
            return new($"The operator {target} computes with complex tensors, which cannot be expressed.",
                "Use products with constant cosine and sine matrices, or do this part in the application.");
        return Solvers.Contains(function)
            ? new($"The operator {target} solves equations.", "Compute determinants, inverses and the like in the application.")
            : new($"The operator {target} cannot be expressed in TensorFlow Lite.",
                "Express it by other operators in the module, or cut the module before it and compute this part in the application.");
    }

    /// <summary>What is done in training only.</summary>
    public static UnsupportedOperatorException Training(string what) => new($"The program was exported in training mode: {what}.",
        "Call model.eval() before torch.export.export.");

    /// <summary>Control flow that depends on data.</summary>
    public static UnsupportedOperatorException ControlFlow(string target) =>
        new($"Control flow ({target}) depends on the data that flow through the network.",
            "Compute both branches and choose with torch.where, or write loops out with a fixed number of steps.");
}
