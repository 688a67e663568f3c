namespace EthosU.Npu.Blocks;

/// <summary>Doubling of the input's height and width while it is read.</summary>
internal enum IfmUpscale
{
    /// <summary>As it is.</summary>
    None,
    /// <summary>Each element twice along both axes.</summary>
    Nearest,
    /// <summary>Zeros between the elements.</summary>
    Zeros,
}
