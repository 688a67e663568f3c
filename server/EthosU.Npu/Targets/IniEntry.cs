namespace EthosU.Npu.Targets;

/// <summary>A key's value and where it stands.</summary>
internal sealed record IniEntry(string Key, string Value, string File, int Line);
