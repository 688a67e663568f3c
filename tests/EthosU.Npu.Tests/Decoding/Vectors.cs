using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using EthosU.Testing;

namespace EthosU.Npu.Tests.Decoding;

/// <summary>The recorded weight streams, <c>vectors/mlw</c>.</summary>
internal static class Vectors
{
    public static JsonNode Load(string name) => JsonNode.Parse(File.ReadAllText(SharedData.Require("vectors", "mlw", $"{name}.json")))!;

    public static byte[] Content(string name) => File.ReadAllBytes(SharedData.Require("vectors", "mlw", name));

    public static ReadOnlySpan<byte> Part(byte[] file, JsonNode range) => file.AsSpan((int)range["offset"]!, (int)range["length"]!);

    public static short[] Shorts(byte[] file, JsonNode range) => MemoryMarshal.Cast<byte, short>(Part(file, range)).ToArray();
}
