using System.Text.Json;
using EthosU.Npu.Weights.Decoding;
using EthosU.Testing;

namespace EthosU.Npu.Tests.Weights;

/// <summary>Reads the recorded weight and scale vectors.</summary>
internal static class WeightVectors
{
    public static JsonElement Index(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("vectors", "mlw", name)));
        return document.RootElement.Clone();
    }

    public static byte[] Blob(string name) => File.ReadAllBytes(SharedData.Require("vectors", "mlw", name));

    public static ReadOnlySpan<byte> Slice(byte[] blob, JsonElement place) =>
        blob.AsSpan(place.GetProperty("offset").GetInt32(), place.GetProperty("length").GetInt32());

    public static short[] Shorts(byte[] blob, JsonElement place) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(Slice(blob, place)).ToArray();

    public static short[] Decode(ReadOnlySpan<byte> stream) => WeightDecoder.Decode(stream, long.MaxValue, "stream", "test");

    public static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt32())];
}
