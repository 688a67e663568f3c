using System.Reflection;
using EthosU.Graphs;
using EthosU.TfLite.Options;
using Google.FlatBuffers;
using Xunit;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite.Tests;

/// <summary>Every operator of the graph has its place in the file format: who adds one is told what is missing.</summary>
public sealed class EveryOperatorTests
{
    /// <summary>All but those that name subgraphs, those that stand for what is not known here, and what only the compiler makes.</summary>
    public static TheoryData<string> Operators => [.. typeof(Operator).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Operator)) && !type.IsAbstract).Select(type => type.Name)
        .Except([nameof(If), nameof(While), nameof(CallOnce), nameof(Custom), nameof(OtherBuiltin), nameof(TableLookup),
            nameof(Squeeze) /* its list of axes compares by reference */]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Operators))]
    public void It_has_a_name_and_its_options_are_written_and_read(string name)
    {
        Operator op = Make(typeof(Operator).Assembly.GetType($"{typeof(Operator).Namespace}.{name}", throwOnError: true)!);
        Assert.Equal(op.Name.ToUpperInvariant(), op.Name); // as TensorFlow Lite spells it, not as the enumeration does
        FlatBufferBuilder builder = new(256);
        Tensor x = new("x", ElementType.Float32, [1, 2, 2, 4]);
        OptionTable options = OptionFamilies.Write(builder, new Node(op, [x, x, x, x], [x], Source.None));
        builder.Finish(S.Operator.CreateOperator(builder, 0, default, default, options.Type, options.Offset).Value);
        S.Operator written = S.Operator.GetRootAsOperator(builder.DataBuffer);
        Assert.Equal(op, OptionFamilies.Read(written, op.Code, 1));
    }

    private static Operator Make(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length)
            .First(c => c.GetParameters() is not [{ } only] || only.ParameterType != type);
        return (Operator)constructor.Invoke([.. constructor.GetParameters().Select(Value)]);
    }

    private static object? Value(ParameterInfo parameter) => parameter.ParameterType switch
    {
        _ when parameter is { HasDefaultValue: true, DefaultValue: not null } => parameter.DefaultValue,
        { IsEnum: true } type => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1),
        { } type when type == typeof(int) => 1,
        { } type when type == typeof(string) => "name",
        { IsValueType: true } type => Activator.CreateInstance(type),
        _ => null,
    };
}
