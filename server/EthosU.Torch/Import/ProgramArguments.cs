using EthosU.Graphs;
using EthosU.Import;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Import;

/// <summary>The node's arguments by name, defaults filled in.</summary>
internal sealed partial class ProgramContext
{
    /// <summary>An argument: what the node says, or the default.</summary>
    /// <exception cref="UnsupportedOperatorException">It is missing and has no default, or has a form that is not known.</exception>
    public Argument Arg(string name)
    {
        Argument? otherwise = Signature.DefaultOf(name);
        foreach (NamedArgument argument in Node.Inputs)
            if (argument.Name == name)
                return argument.Value switch
                {
                    Argument.Symbol symbol => Resolve(symbol),
                    Argument.Unknown unknown => throw new UnsupportedOperatorException(
                        $"Its argument '{name}' has the form '{unknown.Form}', which is not known here.",
                        "Export with a version of PyTorch that is known, or report this."),
                    _ => argument.Value,
                };
        return otherwise ?? throw new UnsupportedOperatorException($"Its argument '{name}' is missing.",
            "Export the program again; the file is not complete.");
    }

    /// <summary>True if an argument is there and is not None.</summary>
    public bool Has(string name) => Arg(name) is not Argument.None;

    /// <summary>An operand with its storage.</summary>
    public Value Operand(string name) => Arg(name) is Argument.TensorValue value ? Lookup(value.Name)
        : throw Unfit(name, "a tensor");

    /// <summary>An operand; a number becomes a constant.</summary>
    public Tensor Tensor(string name) => TryTensor(name) ?? throw Unfit(name, "a tensor");

    /// <summary>An operand in a type.</summary>
    public Tensor Tensor(string name, ElementType type) => Arg(name) switch
    {
        Argument.TensorValue value => Convert(Lookup(value.Name).Read(this), type),
        Argument.Integer or Argument.Real or Argument.Truth => Literal(RealOf(Arg(name)), type),
        _ => throw Unfit(name, "a tensor"),
    };

    /// <summary>An operand that may be None.</summary>
    public Tensor? TryTensor(string name) => Arg(name) switch
    {
        Argument.None => null,
        Argument.TensorValue value => Lookup(value.Name).Read(this),
        Argument.Real real => Scalar((float)real.Value),
        Argument.Integer integer => Scalar(Whole(integer.Value)),
        Argument.Truth truth => Constant(TensorData.Scalar(truth.Value)),
        _ => throw Unfit(name, "a tensor"),
    };

    /// <summary>An operand that may be None, as real numbers.</summary>
    public Tensor? TryReal(string name) => TryTensor(name) is { } x ? Convert(x, ElementType.Float32) : null;

    /// <summary>An operand as real numbers.</summary>
    public Tensor Real(string name) => Tensor(name, ElementType.Float32);

    /// <summary>A list of operands.</summary>
    public Tensor[] Tensors(string name) => Arg(name) switch
    {
        Argument.TensorList list => [.. list.Names.Select(item => Lookup(item).Read(this))],
        Argument.OptionalTensorList list => [.. list.Names.Select(item => Lookup(item ?? throw Unfit(name, "tensors")).Read(this))],
        Argument.IntegerList { Values.IsEmpty: true } or Argument.None => [],
        _ => throw Unfit(name, "a list of tensors"),
    };

    /// <summary>A list of operands of which some may be missing.</summary>
    public Tensor?[] OptionalTensors(string name) => Arg(name) is Argument.OptionalTensorList list
        ? [.. list.Names.Select(item => item is null ? null : Lookup(item).Read(this))] : [.. Tensors(name)];

    /// <summary>A whole number; those that no axis has are the nearest that an int holds.</summary>
    public int Int(string name) => Arg(name) switch
    {
        Argument.Integer integer => Whole(integer.Value),
        Argument.Truth truth => truth.Value ? 1 : 0,
        Argument.IntegerList { Values: [var only] } => Whole(only),
        _ => throw Unfit(name, "a whole number"),
    };

    /// <summary>A whole number that may be None.</summary>
    public int? TryInt(string name) => Has(name) ? Int(name) : null;

    /// <summary>A list of whole numbers; one number is a list of one.</summary>
    public int[] Ints(string name) => Arg(name) switch
    {
        Argument.IntegerList list => [.. list.Values.Select(Whole)],
        Argument.SizeList list =>
            [.. list.Sizes.Select(size => Whole(WholeOf(size is Argument.Symbol symbol ? Resolve(symbol) : size, name)))],
        Argument.Integer integer => [Whole(integer.Value)],
        Argument.TensorList { Names.IsEmpty: true } => [],
        _ => throw Unfit(name, "a list of whole numbers"),
    };

    /// <summary>A list of whole numbers that may be None.</summary>
    public int[]? TryInts(string name) => Has(name) ? Ints(name) : null;

    /// <summary>A list of real numbers that may be None.</summary>
    public double[]? TryReals(string name) => Arg(name) switch
    {
        Argument.None => null,
        Argument.RealList list => [.. list.Values],
        Argument.IntegerList list => [.. list.Values.Select(static value => (double)value)],
        Argument.Real real => [real.Value],
        Argument.Integer integer => [integer.Value],
        _ => throw Unfit(name, "a list of numbers"),
    };

    /// <summary>A number.</summary>
    public double Double(string name) => Arg(name) switch
    {
        Argument.Integer or Argument.Real or Argument.Truth => RealOf(Arg(name)),
        Argument.TensorValue value when Lookup(value.Name).Read(this).Data is { Count: 1 } data => data.ToFloatArray()[0],
        _ => throw Unfit(name, "a number"),
    };

    /// <summary>A number that may be None.</summary>
    public double? TryDouble(string name) => Has(name) ? Double(name) : null;

    /// <summary>A number in single precision.</summary>
    public float Float(string name) => (float)Double(name);

    /// <summary>A truth value.</summary>
    public bool Flag(string name) => Arg(name) switch
    {
        Argument.Truth truth => truth.Value,
        Argument.Integer integer => integer.Value != 0,
        _ => throw Unfit(name, "true or false"),
    };

    /// <summary>A text.</summary>
    public string Text(string name) => Arg(name) is Argument.Text text ? text.Value : throw Unfit(name, "a text");

    /// <summary>A text that may be None.</summary>
    public string? TryText(string name) => Has(name) ? Text(name) : null;

    /// <summary>A type of elements; null where the argument is None.</summary>
    public ScalarType? DType(string name) => Arg(name) switch
    {
        Argument.ElementTypeOf type => type.Type,
        Argument.None => null,
        _ => throw Unfit(name, "a type of elements"),
    };

    /// <summary>A value of the graph by its name.</summary>
    /// <exception cref="FailedValueException">What computes it was refused.</exception>
    public Value Lookup(string name) => Scope.Values.TryGetValue(name, out Value? value) ? value
        : Scope.Missing.TryGetValue(name, out string? why)
            ? throw new UnsupportedOperatorException($"It reads '{name}'. {why}", "Use the other results of that layer only.")
        : throw new FailedValueException();

    /// <summary>A number of the graph.</summary>
    public Argument Resolve(Argument.Symbol symbol) =>
        Scope.Numbers.TryGetValue(symbol.Name, out Argument? number) ? number : throw new FailedValueException();

    /// <summary>A number as a real one.</summary>
    public static double RealOf(Argument number) => number switch
    {
        Argument.Integer integer => integer.Value,
        Argument.Real real => real.Value,
        Argument.Truth truth => truth.Value ? 1 : 0,
        _ => throw new ArgumentException("this is no number", nameof(number)),
    };

    /// <summary>A constant number in a type.</summary>
    public Tensor Literal(double value, ElementType type) => type switch
    {
        ElementType.Float32 => Scalar((float)value),
        ElementType.Bool => Constant(TensorData.Scalar(value != 0)),
        ElementType.Int32 => Scalar((int)Math.Clamp(double.IsNaN(value) ? 0 : value, int.MinValue, int.MaxValue)),
        _ => Cast(Scalar((int)value), type),
    };

    /// <summary>A tensor in another type, as torch converts: any number but 0 is true, reals lose their fraction.</summary>
    public Tensor Convert(Tensor x, ElementType type) => type != ElementType.Bool || x.Type == ElementType.Bool ? Cast(x, type)
        : Emit(new Compare(CompareKind.NotEqual), x.Type == ElementType.Float32 ? x : Cast(x, ElementType.Int32),
            x.Type == ElementType.Float32 ? Scalar(0f) : Scalar(0));

    private static int Whole(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    private static long WholeOf(Argument size, string name) => size is Argument.Integer integer ? integer.Value
        : throw Unfit(name, "a list of whole numbers");

    private static UnsupportedOperatorException Unfit(string name, string expected) =>
        new($"Its argument '{name}' is not {expected}.", "Export the program again; if PyTorch runs it, report this.");
}
