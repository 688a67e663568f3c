using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures.EthosU55;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Disassembly;
using EthosU.Npu.Operations;
using EthosU.TfLite;

namespace EthosU.Simulator.Tests;

/// <summary>Decodes a compiled model's payloads, memory plan and operators, and encodes them again.</summary>
internal static class StreamRoundTrip
{
    /// <summary>What is not as it was, or null.</summary>
    /// <param name="content">The compiled model.</param>
    /// <param name="name">Its name.</param>
    /// <param name="sameOrder">True if the compiler writes registers in the order of the writer, so that the operations alone give the same
    /// stream.</param>
    public static string? Problem(byte[] content, string name, bool sameOrder)
    {
        Graph graph = TfLiteReader.Read(content, name);
        OfflineMemoryPlan plan = OfflineMemoryPlan.Of(graph, name)!;
        if (!graph.Metadata.Single(static entry => entry.Name == OfflineMemoryPlan.MetadataName).Data.Span.SequenceEqual(plan.Encode()))
            return "another memory plan";
        foreach (Node node in graph.Nodes.Where(EthosUNode.Matches))
        {
            EthosUNode operands = EthosUNode.Of(node, name);
            if (!operands.ToNode().Inputs.SequenceEqual(node.Inputs) || !operands.ToNode().Operator.Equals(node.Operator))
                return "another operator";
            ReadOnlySpan<byte> bytes = operands.Payload.Data!.Bytes.Span;
            DriverPayload payload = DriverPayload.Decode(bytes, name);
            if (!payload.Encode().AsSpan().SequenceEqual(bytes))
                return "other bytes";
            if (Problem(payload, name, sameOrder) is { } problem)
                return problem;
        }
        return null;
    }

    private static string? Problem(DriverPayload payload, string name, bool sameOrder)
    {
        ICommandFormat format = NpuArchitecture.Of(payload.Config.Product).Commands;
        ImmutableArray<StreamOperation> operations = format.Read(payload.Commands, name);
        CommandWriter writer = new(payload.Config), verbose = new(payload.Config, omitUnchanged: false);
        foreach (StreamOperation operation in operations)
        {
            writer.Add(operation);
            verbose.Add(operation);
        }
        CommandStream written = writer.Finish();
        if (sameOrder && !written.Commands.SequenceEqual(payload.Commands.Commands))
            return "another stream from the same operations";
        foreach (CommandStream again in (CommandStream[])[written, verbose.Finish()])
            if (!format.Read(again, name).Select(WithoutPlace).SequenceEqual(operations.Select(WithoutPlace)))
                return "other operations from the stream written";
        return Disassembler.ToText(payload, name).Count(static c => c == '\n') < payload.Commands.Commands.Length
            ? "commands missing in the disassembly" : null;
    }

    private static StreamOperation WithoutPlace(StreamOperation operation) => operation with { CommandIndex = 0 };
}
