using System.Globalization;
using System.Text;

namespace EthosU.Pipeline.Exporting;

/// <summary>Writes a model as C++ source for TensorFlow Lite Micro.</summary>
internal static class CSource
{
    private const int BytesInLine = 16;

    /// <summary>A name as a C identifier.</summary>
    public static string Identifier(string name)
    {
        StringBuilder identifier = new(name.Length);
        foreach (char c in name)
            identifier.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        if (identifier.Length == 0 || char.IsAsciiDigit(identifier[0]))
            identifier.Insert(0, "model_");
        return identifier.ToString();
    }

    /// <summary>The header: the array's declaration, sizes, and a function that makes the resolver.</summary>
    public static string Header(string identifier, string modelName, ExportReport report, long fastBytes)
    {
        string guard = $"{identifier.ToUpperInvariant()}_DATA_H_";
        StringBuilder text = new();
        Line(text, $"// {Comment(modelName)} for TensorFlow Lite Micro; written by Ethos-U Bridge.");
        Line(text, $"#ifndef {guard}");
        Line(text, $"#define {guard}");
        Line(text, $"");
        Line(text, $"// The model's bytes; written by Ethos-U Bridge.");
        Line(text, $"#include <cstddef>");
        Line(text, $"#include <cstdint>");
        Line(text, $"");
        Line(text, $"#include \"tensorflow/lite/micro/micro_mutable_op_resolver.h\"");
        Line(text, $"");
        Line(text, $"// The model, aligned as the NPU needs it.");
        Line(text, $"extern const uint8_t {identifier}_data[];");
        Line(text, $"constexpr size_t {identifier}_data_size = {report.ModelBytes};");
        Line(text, $"");
        Line(text, $"// Feature maps, and an allowance for the interpreter's own structures. After AllocateTensors, arena_used_bytes() tells what is needed.");
        Line(text, $"// The arena must be aligned to 16 bytes and lie in memory that the NPU reaches.");
        Line(text, $"constexpr size_t {identifier}_arena_size = {report.ArenaBytes};");
        if (fastBytes > 0)
        {
            Line(text, $"// Fast memory that is given to the NPU's driver (ethosu_init).");
            Line(text, $"constexpr size_t {identifier}_fast_memory_size = {fastBytes};");
        }
        Line(text, $"");
        Line(text, $"constexpr int {identifier}_operator_count = {report.Operators.Length};");
        Line(text, $"");
        Line(text, $"// The operators that the model needs.");
        Line(text, $"inline TfLiteStatus {identifier}_add_operators(tflite::MicroMutableOpResolver<{Math.Max(1, report.Operators.Length)}>& resolver) {{");
        foreach (string missing in report.MissingOperators)
            Line(text, $"  // {Comment(missing)}: TensorFlow Lite Micro has no kernel for it; register your own with AddCustom or change the model.");
        foreach (string function in report.Operators)
            Line(text, $"  if (resolver.{function}() != kTfLiteOk) return kTfLiteError;");
        if (report.Operators.IsEmpty)
            Line(text, $"  (void)resolver;");
        Line(text, $"  return kTfLiteOk;");
        Line(text, $"}}");
        Line(text, $"");
        Line(text, $"#endif  // {guard}");
        return text.ToString();
    }

    /// <summary>The source file with the bytes.</summary>
    public static string Source(string identifier, string headerName, ReadOnlySpan<byte> model)
    {
        StringBuilder text = new(model.Length * 5 + 256);
        Line(text, $"#include \"{headerName}\"");
        Line(text, $"");
        Line(text, $"alignas(16) const uint8_t {identifier}_data[] = {{");
        for (int i = 0; i < model.Length; i += BytesInLine)
        {
            text.Append("   ");
            foreach (byte value in model.Slice(i, Math.Min(BytesInLine, model.Length - i)))
                text.Append(" 0x").Append(value.ToString("x2", CultureInfo.InvariantCulture)).Append(',');
            text.Append('\n');
        }
        Line(text, $"}};");
        return text.ToString();
    }

    // A name must not end the comment that it stands in.
    private static string Comment(string name) => name.ReplaceLineEndings(" ").Replace('\\', '/');

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
