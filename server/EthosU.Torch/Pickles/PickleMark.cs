namespace EthosU.Torch.Pickles;

/// <summary>The mark on the stack of a pickle where a list of values begins.</summary>
internal sealed class PickleMark
{
    /// <summary>The one mark.</summary>
    public static PickleMark Instance { get; } = new();
}
