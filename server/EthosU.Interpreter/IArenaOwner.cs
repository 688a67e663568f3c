using EthosU.Graphs;

namespace EthosU.Interpreter;

/// <summary>
/// Implemented by what runs custom operators (<see cref="InterpreterOptions.CustomOperator"/> is a method of it) where these work on the
/// memory of all operators, as on a device: each running instance then has one arena in which the tensors lie where they are planned, and
/// everything reads and writes there.
/// </summary>
public interface IArenaOwner
{
    /// <summary>The place of a tensor in the arena, in bytes; null for one that lies elsewhere.</summary>
    int? OffsetOf(Tensor tensor);

    /// <summary>The arena of a new running instance; all tensors with a place fit.</summary>
    byte[] CreateArena();

    /// <summary>
    /// Called before the inputs of a run are put into an arena of <see cref="CreateArena"/>; only recurrent state outlives a run.
    /// </summary>
    void Begin(byte[] arena);
}
