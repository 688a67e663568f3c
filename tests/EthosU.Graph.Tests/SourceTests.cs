using Xunit;

namespace EthosU.Graphs.Tests;

/// <summary>The line that a user is shown is his own.</summary>
public sealed class SourceTests
{
    [Theory]
    [InlineData("/home/me/net.py", true)]
    [InlineData("/home/me/torch/net.py", true)]
    [InlineData("C:\\work\\torch\\models\\net.py", true)]
    [InlineData("net.py", true)]
    [InlineData("/env/lib/python3.11/site-packages/timm/models/vit.py", false)]
    [InlineData("C:\\env\\Lib\\site-packages\\torch\\nn\\modules\\conv.py", false)]
    [InlineData("/usr/lib/python3/dist-packages/torch/_jit_internal.py", false)]
    [InlineData("/src/pytorch/torch/nn/functional.py", false)]
    [InlineData("/src/pytorch/torch/_dynamo/functional_export.py", false)]
    [InlineData("torch/fx/passes/runtime_assert.py", false)]
    [InlineData("<eval_with_key>.7", false)]
    public void Frames_of_installed_packages_and_of_torch_are_passed_over(string file, bool isUsers)
    {
        Source source = new() { Frames = [new(file, 3), new("/home/me/caller.py", 7)] };
        Assert.Equal(isUsers ? file : "/home/me/caller.py", source.UserFrame!.File);
    }
}
