using EthosU.Graphs;

namespace EthosU.Interpreter.Variables;

/// <summary>VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE and CALL_ONCE: state that persists from run to run (tflite-format 6).</summary>
internal static class VariableKernels
{
    /// <summary>True for an operator of this family.</summary>
    public static bool Supports(Operator op) => op is VarHandle or ReadVariable or AssignVariable or CallOnce;

    /// <summary>The name under which the store knows a handle's variable.</summary>
    public static string NameOf(VarHandle op) => op.Container.Length == 0 ? op.SharedName : $"{op.Container}/{op.SharedName}";

    /// <summary>The prepared kernel; null for operators of other families.</summary>
    /// <exception cref="KernelRefusedException">The handle is not made by a VAR_HANDLE of the same graph, or the graph to run once cannot
    /// run.</exception>
    public static PreparedKernel? Prepare(NodeFacts facts)
    {
        switch (facts.Operator)
        {
            case VarHandle:
                return new(static _ => { });
            case ReadVariable:
            {
                string name = Handle(facts);
                Tensor value = facts.Output;
                if (!value.Type.HasFixedSize())
                    throw new KernelRefusedException($"The variable's value is {value.Type.DisplayName()}.");
                int bytes = checked((int)value.Type.ByteCount(value.Shape.ElementCount));
                byte initial = value.Type == ElementType.Int8 ? unchecked((byte)NodeFacts.ZeroPoint(value)) : (byte)0;
                return new(frame => frame.Variables.Read(name, bytes, initial).CopyTo(frame.Output<byte>()));
            }
            case AssignVariable:
            {
                string name = Handle(facts);
                if (!facts.Input(1).Type.HasFixedSize())
                    throw new KernelRefusedException($"The variable's value is {facts.Input(1).Type.DisplayName()}.");
                return new(frame => frame.Variables.Assign(name, frame.Input<byte>(1)));
            }
            case CallOnce op:
                return Once(facts, op);
            default:
                return null;
        }
    }

    private static PreparedKernel Once(NodeFacts facts, CallOnce op)
    {
        Graph graph = op.Initializer;
        if (!graph.Inputs.IsEmpty || !graph.Outputs.IsEmpty)
            throw new KernelRefusedException("Its graph has inputs or outputs, which it cannot have.");
        try
        {
            GraphInterpreter nested = new(graph, facts.Options);
            if (nested.HasVariables)
                throw new KernelRefusedException("Its graph has recurrent state, which is not supported there.");
            return new(frame =>
            {
                if (frame.Variables.IsFirstRun(graph))
                    nested.RunNested([], frame);
            });
        }
        catch (UnsupportedModelException e)
        {
            throw new KernelRefusedException($"Its graph cannot run: {e.Findings[0].Operator} {e.Findings[0].Reason}");
        }
    }

    private static string Handle(NodeFacts facts) => facts.Handles is { } handles && handles.TryGetValue(facts.Input(0), out string? name)
        ? name
        : throw new KernelRefusedException($"The handle '{facts.Input(0).Name}' is not made by a VAR_HANDLE of the same graph.");
}
