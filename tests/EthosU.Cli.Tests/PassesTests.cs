using EthosU.Testing;
using Xunit;

namespace EthosU.Cli.Tests;

/// <summary><c>--passes</c>, with which one finds the pass that is at fault.</summary>
public sealed class PassesTests : IDisposable
{
    private static readonly string[] Conversion = ["--calibration", Digits.Calibration, "--samples", "4", "--quiet"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private Cli.Result Convert(string passes, string output) =>
        Cli.Run(["convert", Digits.Model, "-o", folder.File(output), "--passes", passes, .. Conversion]);

    [Fact]
    public void Print_shows_passes_and_what_the_stages_of_the_npu_decided()
    {
        Cli.Result result = Cli.Run(["compile", Digits.Model, "-o", folder.File("npu.tflite"), "--passes", "print", .. Conversion]);
        Assert.Equal(ExitCodes.Done, result.Code);
        foreach (string wanted in new[] { "pass 1 origins: ", "stage quantization\ninput %", "dilated convolutions: no change",
            "stage placement\nnpu %", "stage schedule\npart 0\n" })
            Assert.Contains(wanted, result.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_passes_a_sound_conversion_and_changes_nothing_of_it()
    {
        Assert.Equal(ExitCodes.Done, Convert("verify", "a.tflite").Code);
        Cli.Succeed(["convert", Digits.Model, "-o", folder.File("b.tflite"), .. Conversion]);
        Assert.Equal(File.ReadAllBytes(folder.File("a.tflite")), File.ReadAllBytes(folder.File("b.tflite")));
    }

    [Fact]
    public void Bisect_leaves_out_passes_and_the_last_number_is_the_whole_conversion()
    {
        Cli.Result none = Convert("bisect:0", "none.tflite"), all = Convert("bisect:100000", "all.tflite");
        Assert.Equal((ExitCodes.Done, ExitCodes.Done), (none.Code, all.Code));
        Assert.Contains("fusing of activations: left out", none.Error, StringComparison.Ordinal);
        Assert.Contains("origins: changed, cannot be left out", none.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", all.Error, StringComparison.Ordinal);
        Cli.Succeed(["convert", Digits.Model, "-o", folder.File("b.tflite"), .. Conversion]);
        Assert.Equal(File.ReadAllBytes(folder.File("all.tflite")), File.ReadAllBytes(folder.File("b.tflite")));
        Assert.NotEqual(File.ReadAllBytes(folder.File("none.tflite")), File.ReadAllBytes(folder.File("b.tflite")));
    }

    [Fact]
    public void Other_words_are_refused()
    {
        Cli.Result result = Convert("some", "a.tflite");
        Assert.Equal(ExitCodes.WrongArguments, result.Code);
        Assert.Contains("--passes takes print, verify or bisect:N, not 'some'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_does_not_list_it() =>
        Assert.DoesNotContain("--passes", Cli.Succeed("convert", "--help"), StringComparison.Ordinal);
}
