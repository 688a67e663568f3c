using System.Globalization;
using EthosU.Graphs;
using EthosU.Import;
using EthosU.Interpreter;
using EthosU.Npy;
using EthosU.Torch.Programs;
using EthosU.Torch.Reading;

namespace EthosU.Torch.Tests;

/// <summary>An imported case, run on the values that torch computed.</summary>
internal sealed class ImportedProgram
{
    private readonly ExportedCase source;
    private readonly ExportedProgram program;

    private ImportedProgram(ExportedCase source, ExportedProgram program, ImportedModel model) =>
        (this.source, this.program, Model) = (source, program, model);

    public ImportedModel Model { get; }

    public static ImportedProgram Of(ExportedCase source, TorchImportOptions? options = null)
    {
        ExportedProgram program = ProgramReader.Read(source.FilePath, default);
        return new(source, program, ProgramImporter.Import(program, source.FilePath, options));
    }

    /// <summary>True if torch computed in fewer bits than we do.</summary>
    public bool IsHalf => program.Graph.Tensors.Values.Any(static meta => meta.Type is ScalarType.Float16 or ScalarType.BFloat16);

    /// <summary>
    /// Runs all samples of a file. Gives, for each output, what differs most from torch's, relative to the largest number; infinite where
    /// types, shapes or integers differ.
    /// </summary>
    public IReadOnlyList<(string Output, double Error, double Sqnr)> Compare(string arrays, Graph? graph = null)
    {
        var values = NumpyArchive.ReadAll(source.ArraysOf(arrays));
        GraphInterpreter interpreter = new(graph ?? Model.Graph);
        int samples = source.Inputs.Length > 0 ? values[source.Inputs[0].Npz].Shape[0] : 1;
        Dictionary<string, TensorData> state = Model.States.ToDictionary(static s => s.Input, static s => s.Initial);
        string[] outputs = [.. Model.Graph.Signatures[0].OutputNames];
        string[] expected = [.. source.Outputs.Select(static output => output.Npz).OfType<string>()];
        if (outputs.Length != expected.Length + Model.States.Length)
            throw new InvalidOperationException($"{outputs.Length} outputs, {expected.Length} expected");
        var worst = new (string Output, double Error, double Sqnr)[expected.Length];
        (double Noise, double Signal, double Difference, double Largest)[] sums = new (double, double, double, double)[expected.Length];
        bool[] differs = new bool[expected.Length];
        for (int sample = 0; sample < samples; sample++)
        {
            TensorData[] inputs = [.. Model.Graph.Inputs.Select((input, i) => i < source.Inputs.Length
                ? Converted(Row(values[source.Inputs[i].Npz], sample), input) : state[input.Name])];
            TensorData[] results = interpreter.Run(inputs);
            for (int i = 0; i < expected.Length; i++)
            {
                TensorData right = Row(values[expected[i]], sample);
                differs[i] |= results[i].Shape != right.Shape || results[i].Type.IsFloat() != right.Type.IsFloat();
                if (differs[i])
                    continue;
                float[] mine = results[i].ToFloatArray(), its = right.ToFloatArray();
                for (int k = 0; k < its.Length; k++)
                {
                    if (mine[k] == its[k] || (float.IsNaN(mine[k]) && float.IsNaN(its[k])))
                        continue;
                    double difference = Math.Abs((double)mine[k] - its[k]);
                    sums[i].Noise += difference * difference;
                    sums[i].Difference = double.IsFinite(difference) ? Math.Max(sums[i].Difference, difference) : double.PositiveInfinity;
                }
                foreach (float v in its.Where(float.IsFinite))
                {
                    sums[i].Largest = Math.Max(sums[i].Largest, Math.Abs(v));
                    sums[i].Signal += (double)v * v;
                }
                if (!right.Type.IsFloat() && sums[i].Difference > 0)
                    differs[i] = true;
            }
            foreach (ImportedState kept in Model.States)
                state[kept.Input] = results[Array.IndexOf(outputs, kept.Output)];
        }
        for (int i = 0; i < worst.Length; i++)
            worst[i] = (outputs[i], differs[i] ? double.PositiveInfinity : sums[i].Difference / Math.Max(sums[i].Largest, 1e-30),
                10 * Math.Log10(sums[i].Signal / Math.Max(sums[i].Noise, 1e-30)));
        return worst;
    }

    /// <summary>The inputs of all samples of a file; what is kept follows from the samples before.</summary>
    public TensorData[][] Samples(string arrays)
    {
        var values = NumpyArchive.ReadAll(source.ArraysOf(arrays));
        int samples = source.Inputs.Length > 0 ? values[source.Inputs[0].Npz].Shape[0] : 1;
        GraphInterpreter? interpreter = Model.States.IsEmpty ? null : new(Model.Graph);
        Dictionary<string, TensorData> state = Model.States.ToDictionary(static s => s.Input, static s => s.Initial);
        List<TensorData[]> result = [];
        for (int sample = 0; sample < samples; sample++)
        {
            result.Add([.. Model.Graph.Inputs.Select((input, i) => i < source.Inputs.Length
                ? Converted(Row(values[source.Inputs[i].Npz], sample), input) : state[input.Name])]);
            if (interpreter?.Run(result[^1]) is { } outputs)
                foreach (var kept in Model.States)
                    state[kept.Input] = outputs[Model.Graph.Signatures[0].OutputNames.IndexOf(kept.Output)];
        }
        return [.. result];
    }

    /// <summary>The sizes that a file of other sizes asks for, as the user says them.</summary>
    public static TorchImportOptions OptionsFor(ExportedCase source, string arrays)
    {
        ExportedProgram program = ProgramReader.Read(source.FilePath, default);
        var values = NumpyArchive.ReadAll(source.ArraysOf(arrays));
        TorchImportOptions options = new();
        ProgramInput.User[] inputs = [.. program.Inputs.OfType<ProgramInput.User>()];
        for (int i = 0; i < source.Inputs.Length; i++)
        {
            TensorMeta meta = program.Graph.Tensors[inputs[i].Name];
            Shape shape = values[source.Inputs[i].Npz].RowShape;
            for (int axis = 0; axis < shape.Rank; axis++)
                if (meta.Sizes[axis].Expression is not SizeExpression.Number)
                    options = options with
                    {
                        Sizes = options.Sizes.SetItem(string.Create(CultureInfo.InvariantCulture, $"{inputs[i].Path}:{axis}"), shape[axis]),
                    };
        }
        return options;
    }

    private static TensorData Row(NumpyArray array, int sample) => new(array.Type, array.RowShape, array.Row(sample));

    private static TensorData Converted(TensorData value, Tensor input) => input.Type switch
    {
        _ when input.Type == value.Type => value,
        ElementType.Float32 => TensorData.From<float>(value.Shape, value.ToFloatArray()),
        ElementType.Int32 => TensorData.From<int>(value.Shape, value.ToInt32Array()),
        _ => throw new InvalidOperationException($"input '{input.Name}' is {input.Type}, given is {value.Type}"),
    };
}
