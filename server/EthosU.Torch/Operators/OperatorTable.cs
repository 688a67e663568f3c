using EthosU.Import;
using EthosU.Torch.Import;

namespace EthosU.Torch.Operators;

/// <summary>Which importer expresses which operator (pt2-format 8).</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, OperatorImporter> Table = new(StringComparer.Ordinal);

    static OperatorTable()
    {
        foreach (var family in (IEnumerable<OperatorImporter>[])[ActivationImport.Operators, ArithmeticImport.Operators,
            AttentionImport.Operators, ConstantImport.Operators, ConvolutionImport.Operators, IndexImport.Operators, LogicImport.Operators,
            MatrixImport.Operators, MovementImport.Operators, NormalizationImport.Operators, OrderImport.Operators, PadImport.Operators,
            PoolImport.Operators, QuantizationImport.Operators, RecurrentImport.Operators, ReductionImport.Operators,
            ResizeImport.Operators, SizeImport.Operators, ViewImport.Operators, WrapperImport.Operators])
            foreach (OperatorImporter importer in family)
                Table.Add(importer.Target, importer);
    }

    /// <summary>All targets that are known, in-place forms that follow from others apart.</summary>
    public static IReadOnlyCollection<string> Targets => Table.Keys;

    /// <summary>The importer of an operator; null if it cannot be expressed.</summary>
    public static OperatorImporter? Find(string target)
    {
        if (Table.TryGetValue(target, out OperatorImporter? importer))
            return importer;
        return FunctionOf(target) is { } function && Table.TryGetValue(function, out importer)
            ? importer with { Target = target, Import = InPlace.Of(importer.Import) } : null;
    }

    /// <summary>The operator without its overload, as users know it: <c>aten.conv2d</c>.</summary>
    public static string ShortName(string target) => target.Split('.') is [var library, var name, _] ? $"{library}.{name}" : target;

    /// <summary>Why there is no importer for an operator.</summary>
    public static UnsupportedOperatorException WhyUnknown(string target) => Refusals.Of(target);

    /// <summary>The operator whose result an in-place operator writes into its first operand; null for others.</summary>
    private static string? FunctionOf(string target)
    {
        if (target.Split('.') is not ["aten", var name, var overload] || !name.EndsWith('_'))
            return null;
        return name.StartsWith("__i", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal)
            ? $"aten.__{name[3..]}.{overload}"
            : name.EndsWith("__", StringComparison.Ordinal) ? null : $"aten.{name[..^1]}.{overload}";
    }
}
