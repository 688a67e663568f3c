using Xunit;

namespace EthosU.Torch.Tests;

/// <summary>Tests that hold a time run when no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedCollection
{
    public const string Name = "Timed";
}
