using System.Text;
using EthosU.Fuzz.Mutants;
using EthosU.LanguageServer.Analysis;
using EthosU.LanguageServer.Hosting;
using EthosU.Pipeline.Targets;

namespace EthosU.Fuzz.Kinds;

/// <summary>Settings files of projects.</summary>
internal sealed class JsonKind() : MadeKind(".json", MakeSeeds)
{
    public override string Name => "json";

    public override string? Run(byte[] content, string folder, Random random) => Guard(() =>
    {
        string file = Path.Combine(folder, ProjectSettings.FileName), model = Path.Combine(folder, "net.onnx");
        File.WriteAllBytes(file, content);
        ProjectSettings settings = SettingsReader.FromFile(file, new(), model);
        settings.RequireTarget();
        settings.ConvertOptions(model);
        settings.CheckOptions(model);
    }, typeof(UserErrorException));

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) => JsonMutator.Mutate(seed, random);

    private static IEnumerable<byte[]> MakeSeeds()
    {
        string[] texts =
        [
            """{ "target": "ethos-u55-256", "systemConfig": "Ethos_U55_High_End_Embedded", "memoryMode": "Shared_Sram", "config": "vela.ini", "arenaCacheSize": 262144, "optimise": "size" }""",
            """{ "inputLayout": "nchw", "outputLayout": "nhwc", "precision": "int16x8", "io": "float32", "batch": 2, "equalize": true, "correctBias": false, "int16Layers": ["conv1", "a/b"] }""",
            """{ "calibration": { "data": "calib.npz", "samples": 100, "scale": "1/255", "mean": [0.485, 0.456, 0.406], "std": 0.5, "layout": "nchw", "bgr": true, "method": "percentile", "percentile": 99.99 } }""",
            """{ "target": "ethos-u65-512", "models": { "net.onnx": { "target": "ethos-u55-32", "calibration": { "data": "x" } }, "sub/other.tflite": { "batch": 4 } } }""",
        ];
        return texts.Select(Encoding.UTF8.GetBytes);
    }
}

/// <summary>Configurations in the form of <c>vela.ini</c>.</summary>
internal sealed class IniKind() : MadeKind(".ini", MakeSeeds)
{
    public override string Name => "ini";

    public override string? Run(byte[] content, string folder, Random random) => Guard(() =>
    {
        string file = Path.Combine(folder, "own.ini");
        File.WriteAllBytes(file, content);
        new TargetChoice
        {
            Accelerator = random.Next(2) == 0 ? "ethos-u55-128" : "ethos-u65-256", ConfigPaths = [file],
            SystemConfig = random.Next(3) == 0 ? null : "My_System", MemoryMode = random.Next(3) == 0 ? null
                : "My_Mode", ArenaCacheSize = random.Next(4) == 0 ? random.Next() : null,
        }.Summary();
    });

    protected override byte[] Mutate(byte[] seed, byte[] other, Random random) => LineMutator.Mutate(seed, random);

    private static IEnumerable<byte[]> MakeSeeds()
    {
        const string Text = """
            ; own hardware
            [System_Config.My_System]
            core_clock=500e6
            axi0_port=Sram
            axi1_port=OffChipFlash
            Sram_clock_scale=1.0
            Sram_burst_length=32
            Sram_read_latency=32
            Sram_write_latency=32
            OffChipFlash_clock_scale=0.125
            OffChipFlash_burst_length=128
            OffChipFlash_read_latency=64
            OffChipFlash_write_latency=64

            [Memory_Mode.My_Mode]
            const_mem_area=Axi1
            arena_mem_area=Axi0
            cache_mem_area=Axi0
            arena_cache_size=4194304

            [Memory_Mode.Other]
            inherit=Memory_Mode.My_Mode
            arena_cache_size=1024
            """;
        yield return Encoding.UTF8.GetBytes(Text);
        yield return Encoding.UTF8
            .GetBytes(Text.Replace("axi1_port=OffChipFlash", "axi1_port=Dram", StringComparison.Ordinal)
            .Replace("OffChipFlash", "Dram", StringComparison.Ordinal));
    }
}
