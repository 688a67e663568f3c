namespace EthosU.Graphs;

/// <summary>Checks the rules of the representation.</summary>
public static class GraphVerifier
{
    /// <summary>
    /// Checks that every operand is available when it is read, that every tensor has one producer, that names are unique, and
    /// that the tensors' shapes are those that the operators give.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="after">What made the graph, named in the message: a pass, a reader.</param>
    /// <exception cref="InvalidGraphException">A rule is broken; the message lists all breaches.</exception>
    public static void Verify(this Graph graph, string? after = null)
    {
        List<string> problems = [];
        HashSet<Tensor> available = [.. graph.Inputs];
        foreach (Tensor input in graph.Inputs.Where(input => input.IsConstant))
            problems.Add($"input '{input.Name}' is a constant");
        foreach (Node node in graph.Nodes)
        {
            foreach (Tensor? input in node.Inputs)
                // A custom operator may read scratch memory.
                if (input is not null && !IsAvailable(input, available) && node.Operator is not Custom)
                    problems.Add($"{node.Operator.Name} '{node.Name}' reads '{input.Name}', which nothing before it produces");
            foreach (Tensor output in node.Outputs)
            {
                if (output.IsConstant)
                    problems.Add($"{node.Operator.Name} '{node.Name}' writes the constant '{output.Name}'");
                if (!available.Add(output))
                    problems.Add($"'{output.Name}' is produced twice");
            }
            CheckShapes(node, problems);
        }
        foreach (Tensor output in graph.Outputs)
            if (!IsAvailable(output, available))
                problems.Add($"output '{output.Name}' is not produced");
        foreach (var group in graph.Tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
            problems.Add($"{group.Count()} tensors have the name '{group.Key}'");
        if (problems.Count > 0)
            throw new InvalidGraphException(
                $"{(after is null ? "the graph" : $"the graph after {after}")} is not sound: {string.Join("; ", problems)}");
    }

    private static bool IsAvailable(Tensor tensor, HashSet<Tensor> available) =>
        tensor.IsConstant || tensor.IsVariable || available.Contains(tensor);

    private static void CheckShapes(Node node, List<string> problems)
    {
        int required = RequiredOperands.Count(node.Operator);
        for (int i = 0; i < required; i++)
        {
            if (node.TryInput(i) is null)
            {
                problems.Add($"{node.Operator.Name} '{node.Name}' lacks input {i}");
                return;
            }
        }
        if (node.Operator is Cast or Quantize or Dequantize)
        {
            if (node.Outputs.Length != 1 || node.Outputs[0].Shape.ElementCount != node.Input(0).Shape.ElementCount)
                problems.Add($"{node.Operator.Name} '{node.Name}' turns {node.Input(0).Shape} into "
                    + $"{string.Join(", ", node.Outputs.Select(output => output.Shape))}");
            return;
        }
        if (!ShapeInference.CanInfer(node.Operator))
            return;
        if (node.Operator is Reshape && node.TryInput(1) is null)
        {
            if (node.Input(0).Shape.ElementCount != node.Output.Shape.ElementCount)
                problems.Add($"RESHAPE '{node.Name}' turns {node.Input(0).Shape} into {node.Output.Shape}");
            return;
        }
        try
        {
            var types = ShapeInference.Infer(node.Operator, node.Inputs, node.Outputs.Length);
            for (int i = 0; i < types.Length; i++)
                if (types[i].Shape != node.Outputs[i].Shape)
                    problems.Add($"{node.Operator.Name} '{node.Name}' gives {types[i].Shape}, but output '{node.Outputs[i].Name}' has "
                        + $"{node.Outputs[i].Shape}");
        }
        catch (InvalidGraphException e) when (e.IsUndecided)
        {
            // Only the run tells; the shape of the file holds.
        }
        catch (InvalidGraphException e)
        {
            problems.Add($"'{node.Name}': {e.Message}");
        }
    }
}
