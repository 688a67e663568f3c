using EthosU.Graphs;
using Google.FlatBuffers;
using static EthosU.TfLite.Options.OptionTable;
using S = EthosU.TfLite.Schema;
using T = EthosU.TfLite.Schema.BuiltinOptions;

namespace EthosU.TfLite.Options;

/// <summary>Matrix products, element-wise operators, activations and reductions.</summary>
internal static class ArithmeticOptions
{
    public static Operator? Read(S.Operator op, BuiltinCode code)
    {
        switch (code)
        {
            case BuiltinCode.FullyConnected:
            {
                var o = Get<S.FullyConnectedOptions>(op, T.FullyConnectedOptions);
                return new FullyConnected(OptionTable.Read(o.FusedActivationFunction), o.KeepNumDims,
                    o.WeightsFormat == S.WeightsFormat.SHUFFLED4x16INT8, o.AsymmetricQuantizeInputs, ReadBiasType(o.QuantizedBiasType));
            }
            case BuiltinCode.BatchMatmul:
            {
                var o = Get<S.BatchMatMulOptions>(op, T.BatchMatMulOptions);
                return new BatchMatMul(o.AdjX, o.AdjY, o.AsymmetricQuantizeInputs);
            }
            case BuiltinCode.Add:
            {
                var o = Get<S.AddOptions>(op, T.AddOptions);
                return new Binary(BinaryKind.Add, OptionTable.Read(o.FusedActivationFunction), o.PotScaleInt16);
            }
            case BuiltinCode.Sub:
            {
                var o = Get<S.SubOptions>(op, T.SubOptions);
                return new Binary(BinaryKind.Sub, OptionTable.Read(o.FusedActivationFunction), o.PotScaleInt16);
            }
            case BuiltinCode.Mul:
                return new Binary(BinaryKind.Mul, OptionTable.Read(Get<S.MulOptions>(op, T.MulOptions).FusedActivationFunction));
            case BuiltinCode.Div:
                return new Binary(BinaryKind.Div, OptionTable.Read(Get<S.DivOptions>(op, T.DivOptions).FusedActivationFunction));
            case BuiltinCode.Softmax:
                return new Softmax(Get<S.SoftmaxOptions>(op, T.SoftmaxOptions).Beta);
            case BuiltinCode.LeakyRelu:
                return new LeakyRelu(Get<S.LeakyReluOptions>(op, T.LeakyReluOptions).Alpha);
            case BuiltinCode.Gelu:
                return new Gelu(Get<S.GeluOptions>(op, T.GeluOptions).Approximate);
            case BuiltinCode.Prelu:
                return new PRelu();
            case BuiltinCode.AddN:
                return new AddN();
            case BuiltinCode.L2Normalization:
                return new L2Normalization(OptionTable.Read(Get<S.L2NormOptions>(op, T.L2NormOptions).FusedActivationFunction));
            case BuiltinCode.LocalResponseNormalization:
            {
                var o = Get<S.LocalResponseNormalizationOptions>(op, T.LocalResponseNormalizationOptions);
                return new LocalResponseNormalization(o.Radius, o.Bias, o.Alpha, o.Beta);
            }
            case BuiltinCode.ArgMax:
                return new ArgReduce(ArgKind.Max, OptionTable.Read(Get<S.ArgMaxOptions>(op, T.ArgMaxOptions).OutputType));
            case BuiltinCode.ArgMin:
                return new ArgReduce(ArgKind.Min, OptionTable.Read(Get<S.ArgMinOptions>(op, T.ArgMinOptions).OutputType));
            case BuiltinCode.Cumsum:
            {
                var o = Get<S.CumsumOptions>(op, T.CumsumOptions);
                return new CumSum(o.Exclusive, o.Reverse);
            }
            case BuiltinCode.FakeQuant:
            {
                var o = Get<S.FakeQuantOptions>(op, T.FakeQuantOptions);
                return new FakeQuant(o.Min, o.Max, o.NumBits, o.NarrowRange);
            }
            default:
                return Enum.IsDefined((ReduceKind)code) ? new Reduce((ReduceKind)code, Get<S.ReducerOptions>(op, T.ReducerOptions).KeepDims)
                    : Enum.IsDefined((BinaryKind)code) ? new Binary((BinaryKind)code)
                    : Enum.IsDefined((CompareKind)code) ? new Compare((CompareKind)code)
                    : Enum.IsDefined((UnaryKind)code) ? new Unary((UnaryKind)code)
                    : null;
        }
    }

    public static OptionTable? Write(FlatBufferBuilder b, Operator op) => op switch
    {
        FullyConnected o =>
            Of(T.FullyConnectedOptions, S.FullyConnectedOptions.CreateFullyConnectedOptions(b, OptionTable.Write(o.Activation),
            o.ShuffledWeights ? S.WeightsFormat.SHUFFLED4x16INT8 : S.WeightsFormat.DEFAULT, o.KeepNumDims, o.AsymmetricQuantizeInputs,
            WriteBiasType(o.QuantizedBiasType))),
        BatchMatMul o =>
            Of(T.BatchMatMulOptions, S.BatchMatMulOptions.CreateBatchMatMulOptions(b, o.AdjX, o.AdjY, o.AsymmetricQuantizeInputs)),
        Binary { Kind: BinaryKind.Add } o =>
            Of(T.AddOptions, S.AddOptions.CreateAddOptions(b, OptionTable.Write(o.Activation), o.PowerOfTwoScales)),
        Binary { Kind: BinaryKind.Sub } o =>
            Of(T.SubOptions, S.SubOptions.CreateSubOptions(b, OptionTable.Write(o.Activation), o.PowerOfTwoScales)),
        Binary { Kind: BinaryKind.Mul } o => Of(T.MulOptions, S.MulOptions.CreateMulOptions(b, OptionTable.Write(o.Activation))),
        Binary { Kind: BinaryKind.Div } o => Of(T.DivOptions, S.DivOptions.CreateDivOptions(b, OptionTable.Write(o.Activation))),
        Softmax o => Of(T.SoftmaxOptions, S.SoftmaxOptions.CreateSoftmaxOptions(b, o.Beta)),
        LeakyRelu o => Of(T.LeakyReluOptions, S.LeakyReluOptions.CreateLeakyReluOptions(b, o.Alpha)),
        Gelu o => Of(T.GeluOptions, S.GeluOptions.CreateGeluOptions(b, o.Approximate)),
        L2Normalization o => Of(T.L2NormOptions, S.L2NormOptions.CreateL2NormOptions(b, OptionTable.Write(o.Activation))),
        LocalResponseNormalization o => Of(T.LocalResponseNormalizationOptions,
            S.LocalResponseNormalizationOptions.CreateLocalResponseNormalizationOptions(b, o.Radius, o.Bias, o.Alpha, o.Beta)),
        ArgReduce { Kind: ArgKind.Max } o => Of(T.ArgMaxOptions, S.ArgMaxOptions.CreateArgMaxOptions(b, (S.TensorType)o.OutputType)),
        ArgReduce { Kind: ArgKind.Min } o => Of(T.ArgMinOptions, S.ArgMinOptions.CreateArgMinOptions(b, (S.TensorType)o.OutputType)),
        Reduce o => Of(T.ReducerOptions, S.ReducerOptions.CreateReducerOptions(b, o.KeepDims)),
        CumSum o => Of(T.CumsumOptions, S.CumsumOptions.CreateCumsumOptions(b, o.Exclusive, o.Reverse)),
        FakeQuant o => Of(T.FakeQuantOptions, S.FakeQuantOptions.CreateFakeQuantOptions(b, o.Min, o.Max, o.Bits, o.NarrowRange)),
        _ => null,
    };
}
