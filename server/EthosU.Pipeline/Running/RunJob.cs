using EthosU.Files;
using EthosU.Graphs;
using EthosU.Interpreter;
using EthosU.Npy;
using EthosU.Pipeline.Formats;
using EthosU.Pipeline.Inspecting;
using EthosU.Simulator;

namespace EthosU.Pipeline.Running;

/// <summary>
/// Runs a TensorFlow Lite model with the results of TensorFlow Lite Micro, on arrays in files. The <c>ethos-u</c> operators of a compiled
/// model run in the simulator.
/// </summary>
public static class RunJob
{
    // So many samples are in memory at once; enough to keep all cores busy.
    private const int Chunk = 64;
    private const int MostOpen = 64; // files to write; systems allow a few hundred at least

    /// <summary>Runs a model and writes its outputs in their own types. A failed or cancelled run leaves no file and harms none.</summary>
    /// <param name="options">Choices.</param>
    /// <param name="progress">Told the share of samples done.</param>
    /// <param name="cancellation">Stops between operators.</param>
    /// <exception cref="ModelFormatException">The model or an array is damaged, or they do not fit together.</exception>
    /// <exception cref="UnsupportedModelException">The model holds operators that cannot be run.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RunReport Run(RunOptions options, IProgress<JobProgress>? progress = null, CancellationToken cancellation = default)
    {
        ModelFile model = ModelFile.ReadRunnable(options.ModelPath);
        // What the file leaves open, the arrays say; the batch stays what it is.
        if (model.Graph.HasOpenSizes && options.Inputs.Length == model.Graph.Inputs.Length)
            model = ModelFile
                .ReadRunnable(options.ModelPath,
                [.. model.Graph.Inputs.Select((input, i) => (Shape?)InputArray.ShapeFor(options.Inputs[i], input, options.Stacked))]);
        Graph graph = model.Graph;
        EthosUOperator simulator = new(graph, model.FileTensors, options.ModelPath) { Cancellation = cancellation };
        GraphInterpreter interpreter = new(graph, new() { CustomOperator = simulator.Run });
        string[] files = [.. graph.Outputs.Select((_, i) => $"{options.OutputPrefix}_{i}.npy")];
        foreach (string file in files)
            OutputFile.Check(file, [options.ModelPath, .. options.Inputs.Select(InputArray.FileOf)]);
        if (options.Inputs.Length != graph.Inputs.Length)
        {
            string names = string.Join(", ", graph.Inputs.Select(static input => input.ToString()));
            throw new ModelFormatException(options.ModelPath, "",
                $"the model has {Count(graph.Inputs.Length, "input")} ({names}), but {Count(options.Inputs.Length, "array")} "
                    + $"{(options.Inputs.Length == 1 ? "is" : "are")} given; give --input once for each input");
        }
        foreach (Tensor output in graph.Outputs)
            if (!NumpyArray.Supports(output.Type))
                throw new ModelFormatException(options.ModelPath, $"output '{output.Name}'",
                    $"its type is {output.Type.DisplayName()}, which no NumPy file holds; only outputs of integers, bool and float can be "
                        + $"written");
        List<IDisposable> opened = [];
        try
        {
            List<InputArray> inputs = [];
            for (int i = 0; i < graph.Inputs.Length; i++)
            {
                inputs.Add(new InputArray(options.Inputs[i], graph.Inputs[i], options.Stacked));
                opened.Add(inputs[^1]);
            }
            int count = inputs.Count == 0 ? 1 : inputs[0].Count;
            for (int i = 1; i < inputs.Count; i++)
                if (inputs[i].Count != count)
                    throw new ModelFormatException(options.Inputs[i], "",
                        $"the array holds {inputs[i].Count} samples, that of the first input {count}");
            PendingFile[] pending = new PendingFile[files.Length];
            for (int i = 0; i < files.Length; i++)
            {
                opened.Add(pending[i] = new(files[i]));
                CloseOneOfMany(pending, i);
            }
            Run(graph, interpreter, options, inputs, count, pending, progress, cancellation);
            foreach (PendingFile file in pending)
                file.Keep();
            return new(count, [.. graph.Outputs.Select(TensorDescription.Of)], [.. files],
                [.. simulator.Violations.Select(static pair => pair.Violation.ToString())]);
        }
        finally
        {
            foreach (IDisposable one in opened)
                one.Dispose();
        }
    }

    private static void Run(Graph graph, GraphInterpreter interpreter, RunOptions options, List<InputArray> inputs, int count,
        PendingFile[] files,
        IProgress<JobProgress>? progress, CancellationToken cancellation)
    {
        if (!options.Stacked)
        {
            TensorData[] outputs = interpreter.Run([.. inputs.Select(static input => input.Read())], null, cancellation);
            for (int i = 0; i < files.Length; i++)
            {
                NumpyFile.Write(files[i].Stream, NumpyArray.From(outputs[i]));
                CloseOneOfMany(files, i);
            }
            return;
        }
        var writers = new NumpyRowWriter[files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            PendingFile file = files[i];
            writers[i] = new(() => file.Stream, graph.Outputs[i].Type, graph.Outputs[i].Shape, count);
            CloseOneOfMany(files, i);
        }
        if (options.IsSequence)
        {
            interpreter.ResetVariables();
            for (int i = 0; i < count; i++)
            {
                progress?.Report(new("running", (double)i / count));
                Write(interpreter.Run([.. inputs.Select(static input => input.Read())], null, cancellation));
            }
            return;
        }
        for (int done = 0; done < count;)
        {
            progress?.Report(new("running", (double)done / count));
            TensorData[][] samples =
                [.. Enumerable.Range(0, Math.Min(Chunk, count - done)).Select(_ => inputs.Select(static input => input.Read()).ToArray())];
            foreach (TensorData[] outputs in interpreter.RunBatch(samples, null, cancellation))
                Write(outputs);
            done += samples.Length;
        }

        void Write(TensorData[] outputs)
        {
            for (int i = 0; i < writers.Length; i++)
            {
                writers[i].Write(outputs[i].Bytes.Span);
                CloseOneOfMany(files, i);
            }
        }
    }

    private static void CloseOneOfMany(PendingFile[] files, int file)
    {
        if (files.Length > MostOpen)
            files[file].Close();
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
