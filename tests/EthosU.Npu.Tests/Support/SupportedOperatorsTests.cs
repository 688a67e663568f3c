using System.Reflection;
using System.Runtime.CompilerServices;
using EthosU.Graphs;
using EthosU.Npu.Support;
using Xunit;

namespace EthosU.Npu.Tests.Support;

/// <summary>The list of operators that the NPU runs is complete: no operator with rules is left out of it.</summary>
public sealed class SupportedOperatorsTests
{
    [Fact]
    public void Every_operator_that_has_rules_is_listed()
    {
        string[] listed = [.. SupportedOperators.All.Select(static entry => entry.Operator)];
        Assert.Equal(listed.Length, listed.Distinct().Count());
        Assert.Equal([.. Operators().Where(static op => !SupportRules.For(op).IsDefault).Select(static op => op.Name).Distinct()
            .Order(StringComparer.Ordinal)], listed);
    }

    [Fact]
    public void Every_rule_is_listed()
    {
        HashSet<string> listed = [.. SupportedOperators.All.SelectMany(static entry => entry.Rules), .. SupportedOperators.OnEveryOperator];
        Assert.Equal([], SupportRules.All.Select(static rule => rule.Id).Where(id => !listed.Contains(id)).ToArray());
    }

    /// <summary>One of each kind of operator; options are zero.</summary>
    private static IEnumerable<Operator> Operators()
    {
        foreach (Type type in typeof(Operator).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(Operator)) && !t.IsAbstract))
        {
            PropertyInfo? kind = type.GetProperty("Kind");
            if (type == typeof(Custom) || type == typeof(OtherBuiltin) || type == typeof(TableLookup))
                continue;
            if (kind is not { PropertyType.IsEnum: true })
                yield return (Operator)RuntimeHelpers.GetUninitializedObject(type);
            else
                foreach (object value in Enum.GetValues(kind.PropertyType))
                {
                    object op = RuntimeHelpers.GetUninitializedObject(type);
                    kind.SetValue(op, value);
                    yield return (Operator)op;
                }
        }
    }
}
