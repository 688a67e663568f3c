using EthosU.Graphs;
using Google.FlatBuffers;
using static EthosU.TfLite.Options.OptionTable;
using S = EthosU.TfLite.Schema;
using T = EthosU.TfLite.Schema.BuiltinOptions;

namespace EthosU.TfLite.Options;

/// <summary>Convolutions and pools.</summary>
internal static class WindowOptions
{
    public static Operator? Read(S.Operator op, BuiltinCode code)
    {
        switch (code)
        {
            case BuiltinCode.Conv2d:
            {
                var o = Get<S.Conv2DOptions>(op, T.Conv2DOptions);
                return new Conv2D(OptionTable.Read(o.Padding), o.StrideH, o.StrideW, o.DilationHFactor, o.DilationWFactor,
                    OptionTable.Read(o.FusedActivationFunction), ReadBiasType(o.QuantizedBiasType));
            }
            case BuiltinCode.DepthwiseConv2d:
            {
                var o = Get<S.DepthwiseConv2DOptions>(op, T.DepthwiseConv2DOptions);
                return new DepthwiseConv2D(OptionTable.Read(o.Padding), o.StrideH, o.StrideW, o.DilationHFactor, o.DilationWFactor,
                    o.DepthMultiplier, OptionTable.Read(o.FusedActivationFunction));
            }
            case BuiltinCode.TransposeConv:
            {
                var o = Get<S.TransposeConvOptions>(op, T.TransposeConvOptions);
                return new TransposeConv(OptionTable.Read(o.Padding), o.StrideH, o.StrideW,
                    OptionTable.Read(o.FusedActivationFunction), ReadBiasType(o.QuantizedBiasType));
            }
            case BuiltinCode.AveragePool2d or BuiltinCode.MaxPool2d or BuiltinCode.L2Pool2d:
            {
                var o = Get<S.Pool2DOptions>(op, T.Pool2DOptions);
                return new Pool2D((PoolKind)code, OptionTable.Read(o.Padding), o.StrideH, o.StrideW, o.FilterHeight, o.FilterWidth,
                    OptionTable.Read(o.FusedActivationFunction));
            }
            default:
                return null;
        }
    }

    public static OptionTable? Write(FlatBufferBuilder b, Operator op) => op switch
    {
        Conv2D o => Of(T.Conv2DOptions, S.Conv2DOptions.CreateConv2DOptions(b, OptionTable.Write(o.Padding), o.StrideWidth, o.StrideHeight,
            OptionTable.Write(o.Activation), o.DilationWidth, o.DilationHeight, WriteBiasType(o.QuantizedBiasType))),
        DepthwiseConv2D o => Of(T.DepthwiseConv2DOptions, S.DepthwiseConv2DOptions.CreateDepthwiseConv2DOptions(b,
            OptionTable.Write(o.Padding), o.StrideWidth, o.StrideHeight, o.DepthMultiplier, OptionTable.Write(o.Activation),
            o.DilationWidth, o.DilationHeight)),
        TransposeConv o => Of(T.TransposeConvOptions, S.TransposeConvOptions.CreateTransposeConvOptions(b, OptionTable.Write(o.Padding),
            o.StrideWidth, o.StrideHeight, OptionTable.Write(o.Activation), WriteBiasType(o.QuantizedBiasType))),
        Pool2D o => Of(T.Pool2DOptions, S.Pool2DOptions.CreatePool2DOptions(b, OptionTable.Write(o.Padding), o.StrideWidth, o.StrideHeight,
            o.FilterWidth, o.FilterHeight, OptionTable.Write(o.Activation))),
        _ => null,
    };
}
