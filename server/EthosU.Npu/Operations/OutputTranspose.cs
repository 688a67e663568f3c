namespace EthosU.Npu.Operations;

/// <summary>The order of axes in which an output is stored, slowest first (npu-u85 5.3).</summary>
public enum OutputTranspose
{
    /// <summary>As it is computed.</summary>
    Hwc = 0,

    /// <summary>Columns, rows, channels.</summary>
    Whc = 1,

    /// <summary>Rows, channels, columns.</summary>
    Hcw = 2,

    /// <summary>Columns, channels, rows.</summary>
    Wch = 3,

    /// <summary>Channels, rows, columns.</summary>
    Chw = 6,

    /// <summary>Channels, columns, rows.</summary>
    Cwh = 7,
}
