using EthosU.LanguageServer.Python;
using Xunit;

namespace EthosU.LanguageServer.Tests;

public class PythonTests
{
    [Theory]
    [InlineData("torch.onnx.export(model, x, \"net.onnx\")", 0, "net.onnx")]
    [InlineData("import torch\n\ntorch.onnx.export(\n    model,\n    (x, [1, (2)]),\n    f='out/net.onnx', opset_version=13)", 2,
        "out/net.onnx")]
    [InlineData("torch.onnx.export(model, x, path)\nother('late.onnx')", 0, null)]
    [InlineData("program = torch.onnx.dynamo_export(model, x)", 0, null)]
    [InlineData("x = 1\nmodel.export_to('a.onnx')", 1, "a.onnx")]
    [InlineData("torch.onnx.export(model, # to 'wrong.onnx'\n  x, 'right.onnx')", 0, "right.onnx")]
    [InlineData("torch.onnx.export(model, ')', 'after.onnx')", 0, "after.onnx")]
    [InlineData("torch.onnx.export(model, x, str(OUT / \"net.onnx\"))", 0, "net.onnx")]
    [InlineData("torch.onnx.export(model, x, f\"out/{name}_{size}.onnx\")", 0, "out/*_*.onnx")]
    [InlineData("out = Path('net.onnx')\ntorch.onnx.export(model, x, out)", 1, "net.onnx")]
    [InlineData("p.add_argument('--out', default='net.onnx')\ntorch.onnx.export(model, x, args.out)", 1, "net.onnx")]
    [InlineData("a = 'a.onnx'\nb = 'b.onnx'\ntorch.onnx.export(model, x, choose(a, b))", 2, null)]
    [InlineData("ep = torch.export.export(net, (x,))\ntorch.export.save(ep, 'net.pt2')", 1, "net.pt2")]
    [InlineData("from torch import export\nexport.save(ep, f\"{name}.pt2\")", 1, "*.pt2")]
    [InlineData("a = 'a.onnx'\nb = 'b.pt2'\ntorch.export.save(ep, b)", 2, "b.pt2")]
    public void Export_calls_are_found(string script, int line, string? file)
    {
        ExportCall call = Assert.Single(ExportCalls.Find(script));
        Assert.Equal(line, call.Line);
        Assert.Equal(file, call.ModelFile);
    }

    [Theory]
    [InlineData("# torch.onnx.export(model, x, 'a.onnx')")]
    [InlineData("\"\"\"\n torch.onnx.export(model, x, 'a.onnx')\n\"\"\"")]
    [InlineData("self.export(x)")]
    [InlineData("self.export.save(x)")]
    [InlineData("torch.save(net, 'net.pt2')")]
    public void Other_text_is_no_call(string script) => Assert.Empty(ExportCalls.Find(script));

    [Fact]
    public void The_file_with_the_longest_common_end_of_its_path_is_taken()
    {
        string folder = Directory.CreateTempSubdirectory("ethosu-python").FullName;
        try
        {
            foreach (string file in new[] { "net.py", "models/net.py", "other/models/net.py", ".venv/site-packages/models/net.py" })
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
                File.WriteAllText(Path.Combine(folder, file), "");
            }
            PythonFiles files = new([folder], TestContext.Current.CancellationToken);
            Assert.Equal(Path.Combine(folder, "net.py"), files.Find("/home/user/project/net.py"));
            Assert.Equal(Path.Combine(folder, "models", "net.py"), files.Find("/home/user/models/net.py"));
            Assert.Equal(Path.Combine(folder, "other", "models", "net.py"), files.Find("C:\\work\\other\\models\\net.py"));
            Assert.Null(files.Find("/home/user/project/unknown.py"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Theory]
    [InlineData(1, "x = self.conv(x)", 1)]
    [InlineData(0, "x = self.conv(x)", 1)]
    [InlineData(5, "return x", 3)]
    [InlineData(3, "x = self.conv(x)", 4)]
    [InlineData(1, "x = self.gone(x)", null)]
    [InlineData(-4, "def f(x):", 0)]
    public void A_line_is_found_where_its_text_stands_now(int recorded, string text, int? line) =>
        Assert.Equal(line,
            new PythonScript("def f(x):\n    x = self.conv(x)\n\n    return x\r\n  x = self.conv(x)").LineOf(recorded, text));
}
