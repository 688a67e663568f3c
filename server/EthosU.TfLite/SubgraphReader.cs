using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.TfLite.Options;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite;

/// <summary>Reads the subgraphs of one model; those that operators run become part of the operators.</summary>
internal sealed class SubgraphReader(S.Model model, byte[] content, bool verify, IReadOnlyList<Shape?>? inputShapes)
{
    private const int MaxDepth = 16;
    private const int SmallLists = 1 << 16;
    private readonly HashSet<int> open = [];
    private readonly Dictionary<int, (Graph Graph, Tensor[] Tensors)> done = [];
    private long listBudget = (4L * content.Length) + SmallLists; // lists may share bytes of the file, but not without end

    /// <summary>What is being read, for messages.</summary>
    public string Location { get; private set; } = "model";

    public Graph ReadMain(out ImmutableArray<Tensor> allTensors)
    {
        Graph graph = Read(0, out Tensor[] tensors);
        allTensors = [.. tensors];
        return new Graph(graph.Name, graph.Nodes, graph.Inputs, graph.Outputs)
        {
            Description = model.Description,
            Metadata = ReadMetadata(),
            TensorOrder = allTensors,
            Signatures = ReadSignatures(graph, tensors),
        };
    }

    private Graph Read(int index, out Tensor[] tensors)
    {
        if ((uint)index >= (uint)model.SubgraphsLength)
            throw new InvalidGraphException($"there is no subgraph {index}");
        if (done.TryGetValue(index, out var known))
        {
            tensors = known.Tensors;
            return known.Graph;
        }
        string outside = Location;
        if (!open.Add(index) || open.Count > MaxDepth)
            throw new InvalidGraphException($"subgraph {index} runs itself, or subgraphs are nested too deeply");
        S.SubGraph subgraph = model.Subgraphs(index)!.Value;
        CheckLength(subgraph.TensorsLength, sizeof(int));
        CheckLength(subgraph.OperatorsLength, sizeof(int));
        tensors = new Tensor[subgraph.TensorsLength];
        UniqueNames names = new();
        for (int i = 0; i < tensors.Length; i++)
        {
            Location = $"subgraph {index}, tensor {i}";
            tensors[i] = ReadTensor(subgraph.Tensors(i)!.Value, i, names);
        }
        Location = $"subgraph {index}, inputs and outputs";
        CheckLength(subgraph.InputsLength, sizeof(int));
        CheckLength(subgraph.OutputsLength, sizeof(int));
        ImmutableArray<Tensor> inputs = Resolve(Ints(subgraph.GetInputsArray()), tensors);
        ImmutableArray<Tensor> outputs = Resolve(Ints(subgraph.GetOutputsArray()), tensors);
        var nodes = ImmutableArray.CreateBuilder<Node>(subgraph.OperatorsLength);
        for (int i = 0; i < subgraph.OperatorsLength; i++)
        {
            Location = $"subgraph {index}, operator {i}";
            nodes.Add(ReadOperator(subgraph.Operators(i)!.Value, tensors, names));
        }
        Location = $"subgraph {index}";
        open.Remove(index);
        (Graph graph, var replaced) =
            ShapeResolver.Resolve(new(Name(subgraph.Name) ?? "", nodes.ToImmutable(), inputs, outputs) { TensorOrder = [.. tensors] },
            index == 0 ? inputShapes : null);
        tensors = Array.ConvertAll(tensors, tensor => replaced.GetValueOrDefault(tensor, tensor));
        if (verify && !graph.HasOpenSizes)
            graph.Verify();
        done[index] = (graph, tensors);
        Location = outside;
        return graph;
    }

    private Tensor ReadTensor(S.Tensor tensor, int index, UniqueNames names)
    {
        Spend(tensor.GetNameBytes()?.Count ?? 0);
        string? given = Name(tensor.Name);
        bool isShown = !verify; // what cannot be computed with can be shown
        if (tensor.Sparsity is not null && !isShown)
            throw new InvalidGraphException($"'{given}' is stored sparsely, which is not supported; convert the model without sparsity");
        string name = names.Make(string.IsNullOrEmpty(given) ? $"tensor_{index}" : given);
        ElementType type = OptionTable.Read(tensor.Type);
        CheckLength(tensor.ShapeLength, sizeof(int));
        int[] sizes = tensor.GetShapeArray() ?? [];
        if (Array.Exists(sizes, size => size < 0))
            throw new InvalidGraphException($"'{name}' has the shape [{string.Join(", ", sizes)}]; sizes cannot be negative");
        Shape shape = new([.. sizes]);
        if (type.HasFixedSize() && !HasByteCount(type, shape))
            throw new InvalidGraphException($"'{name}' {type.DisplayName()}{shape} has more bytes than can be counted");
        (Quantization? quantization, (float, float)? range) = ReadQuantization(tensor.Quantization, shape, name);
        ReadOnlyMemory<byte> data = ReadBuffer(tensor.Buffer);
        if (data.IsEmpty || (isShown && (tensor.Sparsity is not null || !type.HasFixedSize())))
            return new Tensor(name, type, shape,
                quantization) { IsVariable = tensor.IsVariable, Range = range, OpenAxes = OpenAxes(tensor, shape.Rank) };
        if (!type.HasFixedSize())
            throw new InvalidGraphException($"constants of type {type.DisplayName()} are not supported ('{name}')");
        if (type.ByteCount(shape.ElementCount) != data.Length)
            throw new InvalidGraphException(
                $"'{name}' {type.DisplayName()}{shape} needs {type.ByteCount(shape.ElementCount)} bytes of data, its buffer has "
                    + $"{data.Length}");
        return new Tensor(name, new TensorData(type, shape, data), quantization) { Range = range };
    }

    private static bool HasByteCount(ElementType type, Shape shape)
    {
        Int128 bytes = type.ByteSize();
        foreach (int size in shape)
            if ((bytes *= size) > long.MaxValue)
                return false;
        return true;
    }

    private ImmutableArray<int> OpenAxes(S.Tensor tensor, int rank)
    {
        CheckLength(tensor.ShapeSignatureLength, sizeof(int));
        if (tensor.ShapeSignatureLength != rank)
            return [];
        var axes = ImmutableArray.CreateBuilder<int>();
        for (int axis = 0; axis < rank; axis++)
            if (tensor.ShapeSignature(axis) < 0)
                axes.Add(axis);
        return axes.ToImmutable();
    }

    private (Quantization?, (float, float)?) ReadQuantization(S.QuantizationParameters? parameters, Shape shape, string name)
    {
        if (parameters is not { } q)
            return default;
        (float, float)? range = q.MinLength == 1 && q.MaxLength == 1 ? (q.Min(0), q.Max(0)) : null;
        if (q.DetailsType != 0 && !verify)
            return (null, range);
        if (q.DetailsType != 0)
            throw new InvalidGraphException($"'{name}' is quantized in blocks or in a way of its own, which is not supported");
        if (q.ScaleLength == 0)
            return (null, range);
        CheckLength(q.ScaleLength, sizeof(float));
        CheckLength(q.ZeroPointLength, sizeof(long));
        if (q.ScaleLength != q.ZeroPointLength)
            throw new InvalidGraphException($"'{name}' has {q.ScaleLength} scales but {q.ZeroPointLength} zero points");
        if (q.ScaleLength == 1)
            return (Quantization.PerTensor(q.Scale(0), q.ZeroPoint(0)), range);
        // A bias has one axis, whatever number old converters wrote: that of its filter's channels.
        int axis = shape.Rank == 1 ? 0 : q.QuantizedDimension;
        if ((uint)axis >= (uint)shape.Rank || shape[axis] != q.ScaleLength)
            throw new InvalidGraphException($"'{name}' {shape} has {q.ScaleLength} scales along axis {q.QuantizedDimension}");
        return (Quantization.PerAxis([.. q.GetScaleArray()], [.. q.GetZeroPointArray()], axis), range);
    }

    private ReadOnlyMemory<byte> ReadBuffer(uint index)
    {
        if (index >= model.BuffersLength)
            throw new InvalidGraphException($"there is no buffer {index}");
        S.Buffer buffer = model.Buffers((int)index)!.Value;
        if (buffer.Offset > 1)
            return Outside(buffer.Offset, buffer.Size, $"the data of buffer {index}");
        return buffer.GetDataBytes() is { } bytes ? content.AsMemory(bytes.Offset, bytes.Count) : default;
    }

    private Node ReadOperator(S.Operator op, Tensor[] tensors, UniqueNames names)
    {
        if (op.OpcodeIndex >= model.OperatorCodesLength)
            throw new InvalidGraphException($"there is no operator code {op.OpcodeIndex}");
        S.OperatorCode opcode = model.OperatorCodes((int)op.OpcodeIndex)!.Value;
        var code = (BuiltinCode)Math.Max(opcode.BuiltinCode, opcode.DeprecatedBuiltinCode);
        Location += $" ({code.TfLiteName()})";
        CheckLength(op.InputsLength, sizeof(int));
        CheckLength(op.OutputsLength, sizeof(int));
        CheckLength(op.IntermediatesLength, sizeof(int));
        ImmutableArray<Tensor> outputs = Resolve(Ints(op.GetOutputsArray()), tensors);
        ImmutableArray<Tensor?> inputs = ResolveOptional(Ints(op.GetInputsArray()), tensors);
        // The shape of a scalar has no elements to store.
        if (code == BuiltinCode.Reshape && inputs.Length == 1 && outputs is [{ Shape.Rank: 0 }])
            inputs = inputs.Add(new Tensor(names.Make($"{outputs[0].Name}/shape"), TensorData.Vector<int>()));
        return new Node(ReadOperator(op, opcode, code), inputs, outputs)
        {
            Intermediates = ResolveOptional(Ints(op.GetIntermediatesArray()), tensors),
        };
    }

    private Operator ReadOperator(S.Operator op, S.OperatorCode opcode, BuiltinCode code)
    {
        switch (code)
        {
            case BuiltinCode.Custom:
                return new Custom(Name(opcode.CustomCode) ?? throw new InvalidGraphException("a custom operator has no name"),
                    ReadCustomOptions(op)) { Version = Math.Max(opcode.Version, 1) };
            case BuiltinCode.If:
            {
                var options = OptionTable.Get<S.IfOptions>(op, S.BuiltinOptions.IfOptions);
                return new If(Read(options.ThenSubgraphIndex, out _), Read(options.ElseSubgraphIndex, out _));
            }
            case BuiltinCode.While:
            {
                var options = OptionTable.Get<S.WhileOptions>(op, S.BuiltinOptions.WhileOptions);
                return new While(Read(options.CondSubgraphIndex, out _), Read(options.BodySubgraphIndex, out _));
            }
            case BuiltinCode.CallOnce:
                return new CallOnce(
                    Read(OptionTable.Get<S.CallOnceOptions>(op, S.BuiltinOptions.CallOnceOptions).InitSubgraphIndex, out _));
            default:
                return OptionFamilies.Read(op, code, opcode.Version);
        }
    }

    private ReadOnlyMemory<byte> ReadCustomOptions(S.Operator op)
    {
        if (op.LargeCustomOptionsOffset <= 1)
            return op.GetCustomOptionsBytes() is { } bytes ? content.AsMemory(bytes.Offset, bytes.Count) : default;
        return Outside(op.LargeCustomOptionsOffset, op.LargeCustomOptionsSize, "its options");
    }

    /// <summary>Bytes that lie behind the FlatBuffer (tflite-format 5.4).</summary>
    private ReadOnlyMemory<byte> Outside(ulong offset, ulong size, string what) =>
        offset > (ulong)content.Length || size > (ulong)content.Length - offset
            ? throw new InvalidGraphException($"{what} lie outside the file")
            : content.AsMemory((int)offset, (int)size);

    private ImmutableArray<(string, ReadOnlyMemory<byte>)> ReadMetadata()
    {
        Location = "metadata";
        var entries = ImmutableArray.CreateBuilder<(string, ReadOnlyMemory<byte>)>();
        for (int i = 0; i < model.MetadataLength; i++)
        {
            S.Metadata entry = model.Metadata(i)!.Value;
            Spend(entry.GetNameBytes()?.Count ?? 0);
            if (Name(entry.Name) is { } name && name != TfLiteWriter.RuntimeVersionEntry)
                entries.Add((name, ReadBuffer(entry.Buffer)));
        }
        return entries.ToImmutable();
    }

    private ImmutableArray<Signature> ReadSignatures(Graph graph, Tensor[] tensors)
    {
        Location = "signatures";
        var signatures = ImmutableArray.CreateBuilder<Signature>();
        for (int i = 0; i < model.SignatureDefsLength; i++)
        {
            S.SignatureDef signature = model.SignatureDefs(i)!.Value;
            if (signature.SubgraphIndex != 0)
                continue;
            CheckLength(signature.InputsLength, sizeof(int));
            CheckLength(signature.OutputsLength, sizeof(int));
            Dictionary<Tensor, string> inputs = [], outputs = [];
            for (int j = 0; j < signature.InputsLength; j++)
                if (signature.Inputs(j) is { } map && map.TensorIndex < tensors.Length)
                    inputs[tensors[map.TensorIndex]] = Name(map.Name) ?? "";
            for (int j = 0; j < signature.OutputsLength; j++)
                if (signature.Outputs(j) is { } map && map.TensorIndex < tensors.Length)
                    outputs[tensors[map.TensorIndex]] = Name(map.Name) ?? "";
            signatures.Add(new(Name(signature.SignatureKey) ?? "", [.. graph.Inputs.Select(t => inputs.GetValueOrDefault(t, t.Name))],
                [.. graph.Outputs.Select(t => outputs.GetValueOrDefault(t, t.Name))]));
        }
        return signatures.ToImmutable();
    }

    /// <summary>A name as the file gives it.</summary>
    /// <exception cref="InvalidGraphException">It is too long.</exception>
    internal static string? Name(string? name) =>
        name is not null && NameLimit.Problem(name) is { } problem ? throw new InvalidGraphException(problem) : name;

    private static int[] Ints(int[]? values) => values ?? [];

    private static ImmutableArray<Tensor> Resolve(int[] indices, Tensor[] tensors) =>
        [.. ResolveOptional(indices, tensors)
        .Select(tensor => tensor ?? throw new InvalidGraphException("a tensor is left out that must be there"))];

    private static ImmutableArray<Tensor?> ResolveOptional(int[] indices, Tensor[] tensors)
    {
        var result = ImmutableArray.CreateBuilder<Tensor?>(indices.Length);
        foreach (int index in indices)
        {
            if (index < -1 || index >= tensors.Length)
                throw new InvalidGraphException($"there is no tensor {index}");
            result.Add(index < 0 ? null : tensors[index]);
        }
        return result.MoveToImmutable();
    }

    private void CheckLength(int count, int elementSize)
    {
        if (count < 0 || (long)count * elementSize > content.Length)
            throw new InvalidGraphException($"a list of {count} elements does not fit into the file");
        Spend(count);
    }

    private void Spend(int elements)
    {
        if ((listBudget -= elements) < 0)
            throw new InvalidGraphException("its lists hold more than a file of this size can");
    }
}
