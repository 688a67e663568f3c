using EthosU.Graphs;
using EthosU.Torch.Programs;

namespace EthosU.Torch.Reading;

/// <summary>The parameters and buffers, or the constants, of a file.</summary>
internal interface IStoredValues
{
    /// <summary>The tensor of a name; null if there is none.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    /// <exception cref="UnsupportedModelException">It is no plain tensor.</exception>
    StoredTensor? Find(string name);
}
