using System.Diagnostics;
using EthosU.Pipeline.Compiling;
using EthosU.Pipeline.Converting;
using EthosU.Pipeline.Exporting;
using EthosU.Testing;
using Xunit;

namespace EthosU.Pipeline.Tests.Export;

/// <summary>Models as C++ source: what stands in it, and that a compiler takes it and gives the model's bytes back.</summary>
public sealed class ExportTests : IDisposable
{
    /// <summary>The functions that TensorFlow Lite Micro's resolver has.</summary>
    private static readonly string[] Known =
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "EthosU.Pipeline.Tests", "Export", "resolver-functions.txt"))
        .Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Operators() => new(MicroResolver.Functions.Select(pair => (pair.Key, pair.Value)));

    [Theory]
    [MemberData(nameof(Operators))]
    public void Every_function_is_one_of_the_resolver_and_is_called_like_its_operator(string op, string function)
    {
        Assert.Contains(function, Known);
        Assert.Equal(op.Replace("_", "", StringComparison.Ordinal), function[3..].ToUpperInvariant());
    }

    [Fact]
    public void A_quantized_model_is_exported_with_its_operators()
    {
        ExportReport report = ExportJob.Run(new() { ModelPath = Convert("digits.tflite") });
        Assert.Equal(["AddConv2D", "AddMaxPool2D", "AddReshape", "AddSoftmax"], report.Operators);
        Assert.Empty(report.MissingOperators);
        Assert.True(report.ArenaBytes % 16 == 0 && report.ArenaBytes > 2 * 14400, $"{report.ArenaBytes}");
        string header = File.ReadAllText(report.HeaderPath), source = File.ReadAllText(report.SourcePath);
        Assert.Contains("#ifndef DIGITS_DATA_H_\n#define DIGITS_DATA_H_\n", header, StringComparison.Ordinal);
        Assert.EndsWith("#endif  // DIGITS_DATA_H_\n", header, StringComparison.Ordinal);
        Assert.Contains("alignas(16) const uint8_t digits_data[]", source, StringComparison.Ordinal);
        Assert.Contains($"digits_arena_size = {report.ArenaBytes};", header, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("digits.tflite", false)]
    [InlineData("digits.tflite", true)]
    [InlineData("9 digits, größer.tflite", false)]
    public void A_compiler_takes_it_and_gives_the_model_back(string name, bool compiled)
    {
        Assert.SkipUnless(Run("g++", "--version") == 0, "g++ is not installed");
        string model = Convert(name);
        if (compiled)
            model = Compile(model);
        ExportReport report = ExportJob.Run(new() { ModelPath = model });
        string identifier = CSource.Identifier(Path.GetFileNameWithoutExtension(model));
        Directory.CreateDirectory(folder.File("tensorflow/lite/micro"));
        folder.Write("tensorflow/lite/micro/micro_mutable_op_resolver.h", System.Text.Encoding.UTF8.GetBytes(ResolverHeader()));
        // Included twice: the guard must hold. The program writes the model and says how many operators were added.
        string main = folder.Write("main.cc", System.Text.Encoding.UTF8.GetBytes($$"""
            #include <cstdio>
            #include "{{Path.GetFileName(report.HeaderPath)}}"
            #include "{{Path.GetFileName(report.HeaderPath)}}"
            int main(int, char** arguments) {
              tflite::MicroMutableOpResolver<{{identifier}}_operator_count> resolver;
              if ({{identifier}}_add_operators(resolver) != kTfLiteOk) return 2;
              if (resolver.count != {{identifier}}_operator_count) return 3;
              if (reinterpret_cast<uintptr_t>({{identifier}}_data) % 16 != 0) return 4;
              static_assert({{identifier}}_arena_size % 16 == 0, "");
              FILE* file = std::fopen(arguments[1], "wb");
              bool written = std::fwrite({{identifier}}_data, 1, {{identifier}}_data_size, file) == {{identifier}}_data_size;
              return std::fclose(file) == 0 && written ? 0 : 5;
            }
            """));
        string program = folder.File("program"), back = folder.File("back");
        Assert.Equal(0, Run("g++", "-std=c++17", "-O0", "-Wall", "-Wextra", "-Werror", $"-I{folder.Path}", main, report.SourcePath, "-o",
            program));
        Assert.Equal(0, Run(program, back));
        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(back));
    }

    [Fact]
    public void A_compiled_model_needs_the_operator_of_the_NPU()
    {
        ExportReport report = ExportJob.Run(new() { ModelPath = Compile(Convert("digits.tflite")) });
        Assert.Equal(["AddEthosU"], report.Operators);
        Assert.Contains("if (resolver.AddEthosU() != kTfLiteOk)", File.ReadAllText(report.HeaderPath), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_export_leaves_no_file()
    {
        string model = Convert("digits.tflite");
        Assert.ThrowsAny<OperationCanceledException>(
            () => ExportJob.Run(new() { ModelPath = model }, null, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFiles(folder.Path, "*_data.*"));
    }

    [Theory]
    [InlineData("net", "net")]
    [InlineData("net-v1.2", "net_v1_2")]
    [InlineData("8bit", "model_8bit")]
    [InlineData("ü", "_")]
    [InlineData("", "model_")]
    public void Names_become_identifiers(string name, string identifier) => Assert.Equal(identifier, CSource.Identifier(name));

    private string Convert(string name)
    {
        string output = folder.File(name);
        ConvertJob.Run(new() { ModelPath = Path.Combine(SharedData.RepositoryRoot, "samples", "digits", "simple_network.onnx"), OutputPath =
            output, Calibration = new() { Options = new() { RandomCount = 2 } } });
        return output;
    }

    private static string Compile(string model)
    {
        CompileJobOptions options = new() { ModelPath = model };
        CompileJob.Run(options);
        return options.ResultPath;
    }

    private static string ResolverHeader() => $$"""
        #pragma once
        enum TfLiteStatus { kTfLiteOk, kTfLiteError };
        namespace tflite {
        template <unsigned int capacity>
        class MicroMutableOpResolver {
         public:
        {{string.Join('\n', Known.Select(function => $"  TfLiteStatus {function}() {{ return Add(); }}"))}}
          int count = 0;
         private:
          TfLiteStatus Add() { return ++count <= static_cast<int>(capacity) ? kTfLiteOk : kTfLiteError; }
        };
        }  // namespace tflite
        """;

    private static int Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            TestContext.Current.TestOutputHelper?.WriteLine(output.Result + error.Result);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
