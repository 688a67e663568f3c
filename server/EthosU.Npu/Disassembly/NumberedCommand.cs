using EthosU.Npu.Commands;

namespace EthosU.Npu.Disassembly;

/// <summary>A command and where it stands.</summary>
/// <param name="Index">Its number in the stream, from 0.</param>
/// <param name="ByteOffset">Its first byte, from the start of the stream.</param>
/// <param name="Command">The command.</param>
public readonly record struct NumberedCommand(int Index, long ByteOffset, Command Command);
