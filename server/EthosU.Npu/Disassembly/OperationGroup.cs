using System.Collections.Immutable;
using EthosU.Graphs;
using EthosU.Npu.Architectures;
using EthosU.Npu.Commands;
using EthosU.Npu.Operations;

namespace EthosU.Npu.Disassembly;

/// <summary>An operation and the commands that prepare and start it.</summary>
/// <param name="Title">What it is, in one line.</param>
/// <param name="Kind">Stable name of the kind: <c>conv</c>, <c>depthwise</c>, <c>pool</c>, <c>elementwise</c>, <c>resize</c>, <c>dma</c> or
/// <c>end</c>.</param>
/// <param name="Operation">The operation; null for what comes behind the last one.</param>
/// <param name="Commands">Its commands.</param>
public sealed record OperationGroup(string Title, string Kind, StreamOperation? Operation, ImmutableArray<NumberedCommand> Commands)
{
    /// <summary>All commands of a stream in groups.</summary>
    /// <exception cref="ModelFormatException">Registers hold what no operation can be done with, or STOP is missing.</exception>
    public static ImmutableArray<OperationGroup> Of(CommandStream stream, string fileName)
    {
        var groups = ImmutableArray.CreateBuilder<OperationGroup>();
        int index = 0;
        long offset = 0;
        ImmutableArray<NumberedCommand> Take(int end)
        {
            var taken = ImmutableArray.CreateBuilder<NumberedCommand>();
            for (; index <= end; index++)
            {
                taken.Add(new(index, offset, stream.Commands[index]));
                offset += 4L * stream.Commands[index].WordCount;
            }
            return taken.ToImmutable();
        }

        int number = 0;
        foreach (StreamOperation operation in NpuArchitecture.Of(stream.Product).Commands.Read(stream, fileName))
            groups.Add(new($"{number++}: {OperationText.Describe(operation)}", OperationText.Kind(operation), operation,
                Take(operation.CommandIndex)));
        groups.Add(new("end", "end", null, Take(stream.Commands.Length - 1)));
        return groups.ToImmutable();
    }
}
