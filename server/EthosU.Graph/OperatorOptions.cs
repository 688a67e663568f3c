using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace EthosU.Graphs;

/// <summary>The options of operators as names and values, read from the records' own properties.</summary>
public static class OperatorOptions
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Cache = new();

    /// <summary>
    /// The options in the order of declaration: enums and numbers as they are, lists as arrays; graphs and bytes are left out.
    /// </summary>
    public static IReadOnlyList<(string Name, object Value)> List(Operator op)
    {
        List<(string, object)> options = [];
        foreach (PropertyInfo property in Cache.GetOrAdd(op.GetType(), Find))
            if (property.GetValue(op) is { } value)
                options.Add((char.ToLowerInvariant(property.Name[0]) + property.Name[1..], value));
        return options;
    }

    /// <summary>The options in braces: <c>{padding=Same, strideHeight=2}</c>; empty if there are none.</summary>
    public static string Describe(Operator op)
    {
        var options = List(op);
        return options.Count == 0 ? "" : $"{{{string.Join(", ", options.Select(o => $"{o.Name}={Text(o.Value)}"))}}}";
    }

    /// <summary>A value as <see cref="Describe"/> writes it, the same in every language setting.</summary>
    public static string Text(object value) => value switch
    {
        string text => text,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>())}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static PropertyInfo[] Find(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return [.. constructor.GetParameters()
            .Select(parameter => type.GetProperty(parameter.Name!))
            .OfType<PropertyInfo>()
            .Where(p => p.PropertyType != typeof(Graph) && p.PropertyType != typeof(ReadOnlyMemory<byte>)
                && p.Name is not "Kind" and not "CustomCode" and not "Number")];
    }
}
