namespace EthosU.Optimize.Layout;

/// <summary>Where a region of tensors of another layout spreads to.</summary>
[Flags]
internal enum GrowthDirection
{
    /// <summary>To nodes that read a tensor.</summary>
    Down = 1,

    /// <summary>To the node that computes a tensor.</summary>
    Up = 2,

    /// <summary>To both.</summary>
    Both = 3,
}
