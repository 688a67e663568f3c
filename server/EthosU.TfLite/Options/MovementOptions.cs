using EthosU.Graphs;
using Google.FlatBuffers;
using static EthosU.TfLite.Options.OptionTable;
using S = EthosU.TfLite.Schema;
using T = EthosU.TfLite.Schema.BuiltinOptions;

namespace EthosU.TfLite.Options;

/// <summary>Operators that move elements, pick them by index, or change their type.</summary>
internal static class MovementOptions
{
    public static Operator? Read(S.Operator op, BuiltinCode code)
    {
        switch (code)
        {
            case BuiltinCode.Concatenation:
            {
                var o = Get<S.ConcatenationOptions>(op, T.ConcatenationOptions);
                return new Concatenation(o.Axis, OptionTable.Read(o.FusedActivationFunction));
            }
            case BuiltinCode.Squeeze:
                return new Squeeze([.. Get<S.SqueezeOptions>(op, T.SqueezeOptions).GetSqueezeDimsArray() ?? []]);
            case BuiltinCode.Pack:
                return new Pack(Get<S.PackOptions>(op, T.PackOptions).Axis);
            case BuiltinCode.Unpack:
                return new Unpack(Get<S.UnpackOptions>(op, T.UnpackOptions).Axis);
            case BuiltinCode.StridedSlice:
            {
                var o = Get<S.StridedSliceOptions>(op, T.StridedSliceOptions);
                return new StridedSlice(o.BeginMask, o.EndMask, o.EllipsisMask, o.NewAxisMask, o.ShrinkAxisMask, o.Offset);
            }
            case BuiltinCode.Gather:
            {
                var o = Get<S.GatherOptions>(op, T.GatherOptions);
                return new Gather(o.Axis, o.BatchDims);
            }
            case BuiltinCode.MirrorPad:
                return new MirrorPad(Get<S.MirrorPadOptions>(op, T.MirrorPadOptions).Mode == S.MirrorPadMode.SYMMETRIC);
            case BuiltinCode.SpaceToDepth:
                return new SpaceToDepth(Get<S.SpaceToDepthOptions>(op, T.SpaceToDepthOptions).BlockSize);
            case BuiltinCode.DepthToSpace:
                return new DepthToSpace(Get<S.DepthToSpaceOptions>(op, T.DepthToSpaceOptions).BlockSize);
            case BuiltinCode.ReverseSequence:
            {
                var o = Get<S.ReverseSequenceOptions>(op, T.ReverseSequenceOptions);
                return new ReverseSequence(o.SeqDim, o.BatchDim);
            }
            case BuiltinCode.OneHot:
                return new OneHot(Get<S.OneHotOptions>(op, T.OneHotOptions).Axis);
            case BuiltinCode.ResizeBilinear:
            {
                var o = Get<S.ResizeBilinearOptions>(op, T.ResizeBilinearOptions);
                return new Resize(ResizeKind.Bilinear, o.AlignCorners, o.HalfPixelCenters);
            }
            case BuiltinCode.ResizeNearestNeighbor:
            {
                var o = Get<S.ResizeNearestNeighborOptions>(op, T.ResizeNearestNeighborOptions);
                return new Resize(ResizeKind.Nearest, o.AlignCorners, o.HalfPixelCenters);
            }
            case BuiltinCode.Shape:
                return new ShapeOf(OptionTable.Read(Get<S.ShapeOptions>(op, T.ShapeOptions).OutType));
            default:
                return WithoutOptions(code);
        }
    }

    public static OptionTable? Write(FlatBufferBuilder b, Node node)
    {
        switch (node.Operator)
        {
            case Concatenation o:
                return Of(T.ConcatenationOptions,
                    S.ConcatenationOptions.CreateConcatenationOptions(b, o.Axis, OptionTable.Write(o.Activation)));
            case Reshape:
                return Of(T.ReshapeOptions, S.ReshapeOptions.CreateReshapeOptions(b,
                    S.ReshapeOptions.CreateNewShapeVector(b, [.. node.Output.Shape])));
            case Squeeze o:
                return Of(T.SqueezeOptions,
                    S.SqueezeOptions.CreateSqueezeOptions(b, S.SqueezeOptions.CreateSqueezeDimsVector(b, [.. o.Axes])));
            case Pack o:
                return Of(T.PackOptions, S.PackOptions.CreatePackOptions(b, node.Inputs.Length, o.Axis));
            case Unpack o:
                return Of(T.UnpackOptions, S.UnpackOptions.CreateUnpackOptions(b, node.Outputs.Length, o.Axis));
            case Split:
                return Of(T.SplitOptions, S.SplitOptions.CreateSplitOptions(b, node.Outputs.Length));
            case SplitV:
                return Of(T.SplitVOptions, S.SplitVOptions.CreateSplitVOptions(b, node.Outputs.Length));
            case StridedSlice o:
                return Of(T.StridedSliceOptions, S.StridedSliceOptions.CreateStridedSliceOptions(b,
                    o.BeginMask, o.EndMask, o.EllipsisMask, o.NewAxisMask, o.ShrinkAxisMask, o.Offset));
            case Gather o:
                return Of(T.GatherOptions, S.GatherOptions.CreateGatherOptions(b, o.Axis, o.BatchDims));
            case MirrorPad o:
                return Of(T.MirrorPadOptions,
                    S.MirrorPadOptions.CreateMirrorPadOptions(b, o.Symmetric ? S.MirrorPadMode.SYMMETRIC : S.MirrorPadMode.REFLECT));
            case SpaceToDepth o:
                return Of(T.SpaceToDepthOptions, S.SpaceToDepthOptions.CreateSpaceToDepthOptions(b, o.BlockSize));
            case DepthToSpace o:
                return Of(T.DepthToSpaceOptions, S.DepthToSpaceOptions.CreateDepthToSpaceOptions(b, o.BlockSize));
            case ReverseSequence o:
                return Of(T.ReverseSequenceOptions, S.ReverseSequenceOptions.CreateReverseSequenceOptions(b, o.SequenceAxis, o.BatchAxis));
            case OneHot o:
                return Of(T.OneHotOptions, S.OneHotOptions.CreateOneHotOptions(b, o.Axis));
            case Resize { Kind: ResizeKind.Bilinear } o:
                return Of(T.ResizeBilinearOptions,
                    S.ResizeBilinearOptions.CreateResizeBilinearOptions(b, o.AlignCorners, o.HalfPixelCenters));
            case Resize o:
                return Of(T.ResizeNearestNeighborOptions,
                    S.ResizeNearestNeighborOptions.CreateResizeNearestNeighborOptions(b, o.AlignCorners, o.HalfPixelCenters));
            case ShapeOf o:
                return Of(T.ShapeOptions, S.ShapeOptions.CreateShapeOptions(b, (S.TensorType)o.OutputType));
            case Cast:
                return Of(T.CastOptions,
                    S.CastOptions.CreateCastOptions(b, (S.TensorType)node.Input(0).Type, (S.TensorType)node.Output.Type));
            default:
                return null;
        }
    }

    private static Operator? WithoutOptions(BuiltinCode code) => code switch
    {
        BuiltinCode.Reshape => new Reshape(),
        BuiltinCode.ExpandDims => new ExpandDims(),
        BuiltinCode.Transpose => new Transpose(),
        BuiltinCode.Split => new Split(),
        BuiltinCode.SplitV => new SplitV(),
        BuiltinCode.Slice => new Slice(),
        BuiltinCode.GatherNd => new GatherNd(),
        BuiltinCode.ScatterNd => new ScatterNd(),
        BuiltinCode.Pad => new Pad(),
        BuiltinCode.Padv2 => new PadV2(),
        BuiltinCode.Tile => new Tile(),
        BuiltinCode.BroadcastTo => new BroadcastTo(),
        BuiltinCode.BroadcastArgs => new BroadcastArgs(),
        BuiltinCode.SpaceToBatchNd => new SpaceToBatchNd(),
        BuiltinCode.BatchToSpaceNd => new BatchToSpaceNd(),
        BuiltinCode.ReverseV2 => new ReverseV2(),
        BuiltinCode.Select => new Select(),
        BuiltinCode.SelectV2 => new SelectV2(),
        BuiltinCode.Where => new Where(),
        BuiltinCode.DynamicUpdateSlice => new DynamicUpdateSlice(),
        BuiltinCode.Fill => new Fill(),
        BuiltinCode.Range => new NumberRange(),
        BuiltinCode.EmbeddingLookup => new EmbeddingLookup(),
        BuiltinCode.TopkV2 => new TopK(),
        BuiltinCode.Cast => new Cast(),
        BuiltinCode.Quantize => new Quantize(),
        BuiltinCode.Dequantize => new Dequantize(),
        BuiltinCode.Rank => new Rank(),
        BuiltinCode.Bitcast => new Bitcast(),
        BuiltinCode.ReadVariable => new ReadVariable(),
        BuiltinCode.AssignVariable => new AssignVariable(),
        _ => null,
    };
}
