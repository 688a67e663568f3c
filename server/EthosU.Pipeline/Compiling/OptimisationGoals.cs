using EthosU.Npu;

namespace EthosU.Pipeline.Compiling;

/// <summary>Names of goals.</summary>
public static class OptimisationGoals
{
    /// <summary>The goal where nothing else is said, on the command line and in the editor.</summary>
    public const OptimisationGoal Default = OptimisationGoal.Performance;

    /// <summary>Its name, as options and settings have it.</summary>
    public static string Name(this OptimisationGoal goal) => goal switch
    {
        OptimisationGoal.Balanced => "balanced",
        OptimisationGoal.Size => "size",
        _ => "performance",
    };

    /// <summary>The goal of a name in upper or lower case; null if there is none.</summary>
    public static OptimisationGoal? Find(string name)
    {
        foreach (OptimisationGoal goal in Enum.GetValues<OptimisationGoal>())
            if (string.Equals(goal.Name(), name, StringComparison.OrdinalIgnoreCase))
                return goal;
        return null;
    }

    /// <summary>The compiler's goal.</summary>
    internal static CompileGoal ToCompiler(this OptimisationGoal goal) => goal switch
    {
        OptimisationGoal.Balanced => CompileGoal.Balanced,
        OptimisationGoal.Size => CompileGoal.Size,
        _ => CompileGoal.Performance,
    };
}
