using EthosU.Torch.Programs;

namespace EthosU.Torch.Pickles;

/// <summary>A class of storages that a pickle names, such as <c>FloatStorage</c>.</summary>
internal sealed record StorageType(ScalarType Type);
