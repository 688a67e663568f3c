using System.Collections.Immutable;
using EthosU.LanguageServer.Python.Lexing;

namespace EthosU.LanguageServer.Python.Fixes;

/// <summary>What can be written instead of the modules and functions of PyTorch that cost much on the NPU.</summary>
internal static class CallFixes
{
    private const string Module = "torch.nn.", Functional = "torch.nn.functional.";
    private static readonly ImmutableArray<string> Swish = ["Sigmoid", "Mul", "LOGISTIC", "MUL"];
    private static readonly ImmutableArray<string> Mish = ["Softplus", "Tanh", "Mish", "TANH", "EXP", "LOG", .. Swish];
    private static readonly ImmutableArray<string> Gelu = ["Erf", "Gelu", "Tanh", "Div", "GELU", "TANH", "DIV"];
    private static readonly ImmutableArray<string> Slopes = ["PRelu", "PRELU"];
    private static readonly ImmutableArray<string> Resizing =
        ["Resize", "Upsample", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "GATHER", "BATCH_MATMUL", "FULLY_CONNECTED", "CONV_2D"];
    private static readonly ImmutableArray<string> Softmaxes = ["Softmax", "LogSoftmax", "SOFTMAX", "LOG_SOFTMAX", "EXP", "LOG"];

    /// <summary>All of them.</summary>
    public static ImmutableArray<CallFix> All { get; } =
    [
        Renamed(Module + "SiLU", "Hardswish", Swish), Renamed(Functional + "silu", "hardswish", Swish),
        Renamed(Module + "Mish", "Hardswish", Mish), Renamed(Functional + "mish", "hardswish", Mish),
        new(Module + "GELU", Gelu, "computed by tanh", static (_, call) => Approximate(call)),
        new(Functional + "gelu", Gelu, "computed by tanh", static (_, call) => Approximate(call)),
        new(Module + "GELU", Gelu, "by ReLU (retrain)", static (code, call) => Rename(code, call, "ReLU", "")),
        new(Module + "PReLU", Slopes, "by LeakyReLU(0.25) (retrain)", static (code, call) => Rename(code, call, "LeakyReLU", "0.25")),
        new(Module + "Upsample", Resizing, "with mode=\"nearest\" (retrain)", static (code, call) => Nearest(code, call)),
        new(Functional + "interpolate", Resizing, "with mode=\"nearest\" (retrain)", static (code, call) => Nearest(code, call)),
    ];

    /// <summary>Functions of probabilities at the end of a network.</summary>
    public static ImmutableArray<string> Outermost { get; } =
        ["torch.softmax", "torch.log_softmax", Functional + "softmax", Functional + "log_softmax"];

    /// <summary>Modules of probabilities.</summary>
    public static ImmutableArray<string> OutermostModules { get; } = [Module + "Softmax", Module + "LogSoftmax"];

    /// <summary>Operators of probabilities.</summary>
    public static ImmutableArray<string> OutermostOperators => Softmaxes;

    private static CallFix Renamed(string function, string name, ImmutableArray<string> operators) =>
        new(function, operators, $"by {name} (retrain)", (code, call) => Rename(code, call, name, null));

    /// <summary>
    /// The same call of another function of the same module; with other arguments where they are given. A name that was imported by itself
    /// has the new one imported beside it.
    /// </summary>
    private static ImmutableArray<TextChange>? Rename(PythonCode code, PythonCall call, string name, string? arguments)
    {
        if (call.Arguments is null)
            return null;
        var changes = ImmutableArray.CreateBuilder<TextChange>();
        if (call.LastName.Start == call.Start)
        {
            if (!code.ImportedFrom.TryGetValue(code.TextOf(call.LastName), out int end))
                return null;
            if (!code.ImportedFrom.ContainsKey(name))
                changes.Add(new(end, end, $", {name}"));
        }
        changes.Add(new(call.LastName.Start, call.LastName.End, name));
        if (arguments is not null)
            changes.Add(new(call.Open + 1, call.Close, arguments));
        return changes.ToImmutable();
    }

    private static ImmutableArray<TextChange>? Approximate(PythonCall call)
    {
        bool isModule = call.Function.StartsWith(Module + "G", StringComparison.Ordinal);
        if (call.Arguments is not { } arguments || arguments.Count(static argument => argument.Name is null) != (isModule ? 0 : 1)
            || call.Keyword("approximate") is not null)
            return null;
        int end = arguments.IsEmpty ? call.Open + 1 : arguments[^1].End;
        return [new(end, end, arguments.IsEmpty ? "approximate=\"tanh\"" : ", approximate=\"tanh\"")];
    }

    private static ImmutableArray<TextChange>? Nearest(PythonCode code, PythonCall call)
    {
        if (call.Keyword("mode") is not { } mode
            || code.Script[mode.ValueStart..mode.End].Trim('"', '\'') is not ("bilinear" or "bicubic" or "linear" or "trilinear"))
            return null;
        TextChange change = new(mode.ValueStart, mode.End, "\"nearest\"");
        return call.Keyword("align_corners") is { } corners ? [change, Removal(code, call, corners)] : [change];
    }

    /// <summary>An argument taken out, with the comma before it, or behind it where it is the first.</summary>
    public static TextChange Removal(PythonCode code, PythonCall call, PythonArgument argument)
    {
        ImmutableArray<PythonArgument> arguments = call.Arguments!.Value;
        int index = arguments.IndexOf(argument);
        if (index > 0)
        {
            // A comment between the two stays.
            int before = arguments[index - 1].End;
            return code.Script.AsSpan(before, argument.Start - before).Contains('#') ? new(argument.Start, argument.End, "")
                : new(before, argument.End, "");
        }
        return new(argument.Start, arguments.Length > 1 ? arguments[1].Start : argument.End, "");
    }
}
