using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Torch.Programs;
using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>A program of a few operators on inputs with values, written down node by node.</summary>
internal sealed class OperatorProgram
{
    private readonly List<(string Name, TensorData Value)> inputs = [];
    private readonly List<ProgramNode> nodes = [];
    private readonly Dictionary<string, TensorMeta> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredTensor> buffers = new(StringComparer.Ordinal);

    /// <summary>An input of real numbers.</summary>
    public OperatorProgram Input(string name, int[] sizes, params float[] values)
    {
        inputs.Add((name, TensorData.From<float>(new([.. sizes]), values)));
        tensors[name] = Meta(ScalarType.Float32, sizes);
        return this;
    }

    /// <summary>An input of whole numbers.</summary>
    public OperatorProgram Integers(string name, int[] sizes, params int[] values)
    {
        inputs.Add((name, TensorData.From<int>(new([.. sizes]), values)));
        tensors[name] = Meta(ScalarType.Int64, sizes);
        return this;
    }

    /// <summary>A buffer of whole numbers.</summary>
    public OperatorProgram Constant(string name, int[] sizes, params int[] values)
    {
        TensorData data = TensorData.From<int>(new([.. sizes]), values);
        buffers[name] = new(ScalarType.Int32, [.. sizes.Select(static s => (long)s)], data.Shape.Strides(), 0, data.Bytes);
        tensors[name] = Meta(ScalarType.Int32, sizes);
        return this;
    }

    /// <summary>
    /// A node. Operands are a name behind <c>@</c>, several of them in an array (null for none), a number, a truth value, a text or a list.
    /// </summary>
    public OperatorProgram Node(string target, string outputs, params (string Name, object? Value)[] operands)
    {
        nodes.Add(new("", target, [.. operands.Select(static o => new NamedArgument(o.Name, Operand(o.Value)))],
            outputs.Contains('|', StringComparison.Ordinal) ? [new Argument.TensorList([.. outputs.Split('|')])]
            : [.. outputs.Split(' ').Select(static name => new Argument.TensorValue(name))], Source.None));
        return this;
    }

    /// <summary>Says of what type a value is.</summary>
    public OperatorProgram Type(string name, ScalarType type, params int[] sizes)
    {
        tensors[name] = Meta(type, sizes);
        return this;
    }

    /// <summary>Imports the program with some outputs.</summary>
    public ImportedModel Import(params string[] outputs)
    {
        ProgramGraph graph = new([.. inputs.Select(static i => new Argument.TensorValue(i.Name))], [.. outputs.Select(static o =>
            new Argument.TensorValue(o))], [.. nodes], tensors);
        ExportedProgram program = new()
        {
            TorchVersion = "2.14.1", Graph = graph, Ranges = new Dictionary<string, SymbolRange>(), Values = buffers,
            Inputs = [.. buffers.Keys.Select(static name => (ProgramInput)new ProgramInput.Stored(name, name, true)),
                .. inputs.Select(static i => (ProgramInput)new ProgramInput.User(i.Name, i.Name))],
            Outputs = [.. outputs.Select(static (o, i) => (ProgramOutput)new ProgramOutput.User(new Argument.TensorValue(o), $"{i}"))],
        };
        return ProgramImporter.Import(program, "test.pt2");
    }

    /// <summary>Compares what comes out with numbers.</summary>
    public void Gives(string output, int[] sizes, params double[] expected)
    {
        TensorData result = new GraphInterpreter(Import(output).Graph).Run([.. inputs.Select(static i => i.Value)],
            cancellation: TestContext.Current.CancellationToken)[0];
        Assert.Equal(new Shape([.. sizes]), result.Shape);
        float[] values = result.ToFloatArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values[i], 1e-4 * Math.Max(1, Math.Abs(expected[i])));
    }

    private static TensorMeta Meta(ScalarType type, int[] sizes) =>
        new(type, [.. sizes.Select(static size => new DynamicSize(new SizeExpression.Number(size), size))]);

    private static Argument Operand(object? value) => value switch
    {
        null => new Argument.None(),
        string name when name.StartsWith('@') => new Argument.TensorValue(name[1..]),
        string text => new Argument.Text(text),
        string?[] names => new Argument.OptionalTensorList([.. names.Select(static name => name?[1..])]),
        bool truth => new Argument.Truth(truth),
        int number => new Argument.Integer(number),
        double number => new Argument.Real(number),
        int[] list => new Argument.IntegerList([.. list.Select(static v => (long)v)]),
        ScalarType type => new Argument.ElementTypeOf(type),
        _ => throw new ArgumentException("this is no operand", nameof(value)),
    };
}
