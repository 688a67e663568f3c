namespace EthosU.Npu.Targets;

/// <summary>Ids of the rules that a choice of target can break; documented in <c>docs/rules</c>.</summary>
internal static class TargetRules
{
    public const string Unknown = "target-unknown";
    public const string MemoryMode = "target-memory-mode";
    public const string CacheSize = "target-cache-size";
    public const string NoCompiler = "target-no-compiler";
}
