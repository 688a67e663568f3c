using System.Collections.Immutable;
using EthosU.Graphs;

namespace EthosU.Quantize.Data;

/// <summary>Random data for where none are given: uniform between 0 and 1; zeros for integer inputs. The same on every machine.</summary>
internal sealed class RandomSamples(IReadOnlyList<Tensor> inputs, SampleOptions options) : SampleSource
{
    private const long MostElements = 1 << 24; // in all: of huge inputs a few samples say as much

    public override int Count { get; } =
        (int)Math.Clamp(MostElements / Math.Max(1, inputs.Sum(static input => input.Shape.ElementCount)), 1, options.RandomCount);

    public override ImmutableArray<Finding> Findings =>
    [
        new("calibration-random-data", FindingSeverity.Warning,
            "No calibration data are given; ranges come from random numbers between 0 and 1.",
            "The accuracy of the result is not to be trusted: pass some hundred samples of real data.", Source.None),
    ];

    public override IEnumerable<Sample> Read(CancellationToken cancellation)
    {
        Random random = new(options.Seed); // a seeded Random is documented to give one sequence everywhere
        for (int i = 0; i < Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new([.. inputs.Select(Make)]);
        }

        TensorData Make(Tensor input)
        {
            if (input.Type != ElementType.Float32)
                return new(input.Type, input.Shape, new byte[input.Type.ByteCount(input.Shape.ElementCount)]);
            var values = new float[input.Shape.ElementCount];
            for (int i = 0; i < values.Length; i++)
                values[i] = random.NextSingle();
            return TensorData.Wrap(ElementType.Float32, input.Shape, values);
        }
    }
}
