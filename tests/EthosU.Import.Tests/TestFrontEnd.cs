namespace EthosU.Import.Tests;

/// <summary>A front end's words that no front end has.</summary>
internal static class TestFrontEnd
{
    public static FrontEnd Words { get; } = new()
    {
        UnsupportedRule = "test-unsupported",
        RecurrentStateRule = "test-recurrent-state",
        ConstantAdvice = "make it constant",
        ShapeAdvice = "check the shapes",
        TypeAdvice = "use real numbers",
    };
}
