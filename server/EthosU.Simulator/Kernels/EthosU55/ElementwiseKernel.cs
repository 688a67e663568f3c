using System.Numerics;
using EthosU.Npu.Operations;

namespace EthosU.Simulator;

/// <summary><c>NPU_OP_ELEMENTWISE</c> (npu-commands 7.6).</summary>
internal sealed class ElementwiseKernel
{
    private readonly Execution run;
    private readonly ElementwiseOperation operation;
    private readonly OutputStage stage;
    private readonly FixedPointScale scale;
    private readonly NpuRounding rounding;
    private readonly int leftShift;
    private readonly int operandThreshold;

    private ElementwiseKernel(Execution run, ElementwiseOperation operation)
    {
        this.run = run;
        this.operation = operation;
        stage = new(run, operation);
        rounding = operation.Rounding;
        scale = operation.OfmScale ?? FixedPointScale.One;
        if (operation.Ifm.ElementBytes == 4)
            scale = scale with { Multiplier = 1 };
        bool narrow = operation.Ifm.ElementBytes == 1;
        leftShift = narrow ? 19 : 14;
        operandThreshold = narrow ? 11 : 16;
        if (operation.OperandScaling.Mode != OperandScaleMode.Both && operation.Ifm.ElementBytes == 4)
            throw new SimulationStopException(ViolationRules.Unsupported, "scaling of one operand of 32 bits is not known");
    }

    public static void Run(Execution run, ElementwiseOperation operation)
    {
        run.Charge(operation.Ofm.ElementCount);
        new ElementwiseKernel(run, operation).Run();
    }

    private void Run()
    {
        AddressedFeatureMap ofm = operation.Ofm;
        MapReader reader = new(run, operation.Ifm, "the input");
        MapReader? reader2 = operation.Scalar is null && operation.Ifm2 is { } ifm2 ? new(run, ifm2, "the second input") : null;
        MapWriter writer = new(run, ofm);
        long length = (long)ofm.Width * ofm.Depth;
        int[] a = new int[length], b = new int[length], result = new int[length];
        int[] small = reader2 is null || reader2.Map.Width == ofm.Width && reader2.Map.Depth == ofm.Depth ? []
            : new int[(long)reader2.Map.Width * reader2.Map.Depth];
        if (operation.Scalar is { } scalar)
            b.AsSpan().Fill(scalar - operation.Ifm2!.ZeroPoint);
        for (int y = 0; y < ofm.Height; y++)
        {
            run.Step();
            reader.ReadRow<int>(y, a);
            if (reader2 is not null)
                ReadSecond(reader2, operation.BroadcastHeight ? 0 : y, b, small);
            if (operation.ReverseOperands)
                Compute(b, a, result);
            else
                Compute(a, b, result);
            writer.WriteRow<int>(y, result);
        }
    }

    private void ReadSecond(MapReader reader, int y, int[] target, int[] small)
    {
        if (small.Length == 0)
        {
            reader.ReadRow<int>(y, target);
            return;
        }
        reader.ReadRow<int>(y, small);
        int depth = operation.Ofm.Depth, own = reader.Map.Depth;
        for (int x = 0; x < operation.Ofm.Width; x++)
        {
            ReadOnlySpan<int> pixel = small.AsSpan(reader.Map.Width == 1 ? 0 : x * own, own);
            Span<int> place = target.AsSpan(x * depth, depth);
            if (own == depth)
                pixel.CopyTo(place);
            else
                place.Fill(pixel[0]);
        }
    }

    private void Compute(ReadOnlySpan<int> a, ReadOnlySpan<int> b, Span<int> result)
    {
        switch (operation.Mode)
        {
            case ElementwiseMode.Mul:
                for (int i = 0; i < result.Length; i++)
                    result[i] = stage.Finish(Scaled((long)a[i] * b[i]));
                break;
            case ElementwiseMode.Add:
                for (int i = 0; i < result.Length; i++)
                    result[i] = stage.Finish(Scaled(ScaledA(a[i]) + ScaledB(b[i])));
                break;
            case ElementwiseMode.Sub:
                for (int i = 0; i < result.Length; i++)
                    result[i] = stage.Finish(Scaled(ScaledA(a[i]) - ScaledB(b[i])));
                break;
            default:
                for (int i = 0; i < result.Length; i++)
                    result[i] = stage.Finish(Other(a[i], b[i]));
                break;
        }
    }

    private long Other(int a, int b) => operation.Mode switch
    {
        ElementwiseMode.Min => Math.Min(a, b),
        ElementwiseMode.Max => Math.Max(a, b),
        ElementwiseMode.LeakyRelu => a >= 0 ? a : Scaled(a),
        ElementwiseMode.Abs => Scaled(Math.Abs((long)a)),
        ElementwiseMode.LeadingZeros => BitOperations.LeadingZeroCount((uint)a),
        ElementwiseMode.ShiftRight => b is >= 0 and < 64
            ? Scaling.Apply(a, new(1, b), rounding)
            : throw new SimulationStopException(ViolationRules.Unsupported, $"a right shift by {b} is not known"),
        _ => b is >= 0 and < 32
            ? a << b
            : throw new SimulationStopException(ViolationRules.Unsupported, $"a left shift by {b} is not known"),
    };

    private long Scaled(long value) => Scaling.Apply(value, scale, rounding);

    private long ScaledA(int value) => operation.OperandScaling.Mode switch
    {
        OperandScaleMode.Both => (long)value * (operation.OperandScaling.A.Multiplier & 0xFFFF),
        OperandScaleMode.OperandA => Scaling.Apply(value, operation.OperandScaling.A, operation.OperandScaling.Rounding, operandThreshold),
        _ => (long)value << leftShift,
    };

    private long ScaledB(int value) => operation.OperandScaling.Mode switch
    {
        OperandScaleMode.Both => (long)value * operation.OperandScaling.B,
        OperandScaleMode.OperandB => Scaling.Apply(value, operation.OperandScaling.A, operation.OperandScaling.Rounding, operandThreshold),
        _ => (long)value << leftShift,
    };
}
