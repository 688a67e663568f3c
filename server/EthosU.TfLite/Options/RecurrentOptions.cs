using EthosU.Graphs;
using Google.FlatBuffers;
using static EthosU.TfLite.Options.OptionTable;
using S = EthosU.TfLite.Schema;
using T = EthosU.TfLite.Schema.BuiltinOptions;

namespace EthosU.TfLite.Options;

/// <summary>Recurrent operators and resource variables.</summary>
internal static class RecurrentOptions
{
    public static Operator? Read(S.Operator op, BuiltinCode code)
    {
        switch (code)
        {
            case BuiltinCode.UnidirectionalSequenceLstm:
            {
                var o = Get<S.UnidirectionalSequenceLSTMOptions>(op, T.UnidirectionalSequenceLSTMOptions);
                return new UnidirectionalSequenceLstm(o.TimeMajor, o.CellClip, o.ProjClip, OptionTable.Read(o.FusedActivationFunction),
                    o.AsymmetricQuantizeInputs, o.DiagonalRecurrentTensors);
            }
            case BuiltinCode.Svdf:
            {
                var o = Get<S.SVDFOptions>(op, T.SVDFOptions);
                return new Svdf(o.Rank, OptionTable.Read(o.FusedActivationFunction), o.AsymmetricQuantizeInputs);
            }
            case BuiltinCode.VarHandle:
            {
                var o = Get<S.VarHandleOptions>(op, T.VarHandleOptions);
                return new VarHandle(SubgraphReader.Name(o.Container) ?? "", SubgraphReader.Name(o.SharedName) ?? "");
            }
            default:
                return null;
        }
    }

    public static OptionTable? Write(FlatBufferBuilder b, Operator op) => op switch
    {
        UnidirectionalSequenceLstm o => Of(T.UnidirectionalSequenceLSTMOptions,
            S.UnidirectionalSequenceLSTMOptions.CreateUnidirectionalSequenceLSTMOptions(b, OptionTable.Write(o.Activation), o.CellClip,
                o.ProjectionClip, o.TimeMajor, o.AsymmetricQuantizeInputs, o.DiagonalRecurrentTensors)),
        Svdf o => Of(T.SVDFOptions,
            S.SVDFOptions.CreateSVDFOptions(b, o.Rank, OptionTable.Write(o.Activation), o.AsymmetricQuantizeInputs)),
        VarHandle o => Of(T.VarHandleOptions,
            S.VarHandleOptions.CreateVarHandleOptions(b, b.CreateString(o.Container), b.CreateString(o.SharedName))),
        _ => null,
    };
}
