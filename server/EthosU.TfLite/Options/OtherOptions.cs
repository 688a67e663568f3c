using System.Collections.Immutable;
using EthosU.Graphs;
using Google.FlatBuffers;
using S = EthosU.TfLite.Schema;

namespace EthosU.TfLite.Options;

/// <summary>
/// Options of operators that are only named: tables of numbers are copied field by field, without knowing what they mean.
/// </summary>
internal static class OtherOptions
{
    private const int FirstStableHlo = 160; // from here on operators have their options in a second union
    private const int HeaderBytes = 4;

    public static OtherBuiltin Read(S.Operator op, BuiltinCode code, int version)
    {
        OtherBuiltin other = new(code) { Version = Math.Max(version, 1), HasForeignOptions = (int)code >= FirstStableHlo };
        if (op.BuiltinOptionsType == S.BuiltinOptions.NONE || op.BuiltinOptions<RawTable>() is not { } table)
            return other;
        ImmutableArray<(int, int, long)> fields = table.Fields();
        bool foreign = !fields.IsEmpty && (!Enum.IsDefined(op.BuiltinOptionsType) || HasReferences(op.BuiltinOptionsType));
        return other with { OptionsKind = (int)op.BuiltinOptionsType, OptionFields = foreign ? []
            : fields, HasForeignOptions = other.HasForeignOptions || foreign };
    }

    public static OptionTable? Write(FlatBufferBuilder b, Operator op)
    {
        if (op is not OtherBuiltin { OptionsKind: > 0 } other)
            return null;
        b.StartTable(other.OptionFields.IsEmpty ? 0 : other.OptionFields.Max(field => field.Field) + 1);
        foreach ((int field, int bytes, long value) in other.OptionFields.OrderByDescending(field => field.Bytes))
        {
            b.Prep(bytes, 0);
            switch (bytes)
            {
                case 8:
                    b.PutLong(value);
                    break;
                case 4:
                    b.PutInt((int)value);
                    break;
                case 2:
                    b.PutShort((short)value);
                    break;
                default:
                    b.PutSbyte((sbyte)value);
                    break;
            }
            b.Slot(field);
        }
        return new((S.BuiltinOptions)other.OptionsKind, b.EndTable());
    }

    // All other tables of the schema hold numbers alone.
    private static bool HasReferences(S.BuiltinOptions type) => type is S.BuiltinOptions.ReshapeOptions or S.BuiltinOptions.SqueezeOptions
        or S.BuiltinOptions.VarHandleOptions or S.BuiltinOptions.BucketizeOptions;

    private struct RawTable : IFlatbufferObject
    {
        private int position;

        public ByteBuffer ByteBuffer { get; private set; }

        public void __init(int _i, ByteBuffer _bb) => (position, ByteBuffer) = (_i, _bb);

        public readonly ImmutableArray<(int Field, int Bytes, long Value)> Fields()
        {
            int vtable = position - ByteBuffer.GetInt(position);
            int count = (ByteBuffer.GetUshort(vtable) - HeaderBytes) / sizeof(ushort), size = ByteBuffer.GetUshort(vtable + sizeof(ushort));
            List<(int Field, int Offset)> present = [];
            for (int field = 0; field < count; field++)
                if (ByteBuffer.GetUshort(vtable + HeaderBytes + (field * sizeof(ushort))) is > 0 and var offset)
                    present.Add((field, offset));
            int[] ends = [.. present.Select(one => one.Offset).Append(size).Order()];
            var fields = ImmutableArray.CreateBuilder<(int, int, long)>(present.Count);
            foreach ((int field, int offset) in present)
            {
                int room = ends[Array.LastIndexOf(ends, offset) + 1] - offset; // with what lies between it and the next
                int bytes = room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;
                while ((position + offset) % bytes != 0) // a number lies at a multiple of its size
                    bytes /= 2;
                long value = bytes switch
                {
                    8 => ByteBuffer.GetLong(position + offset),
                    4 => ByteBuffer.GetInt(position + offset),
                    2 => ByteBuffer.GetShort(position + offset),
                    _ => ByteBuffer.GetSbyte(position + offset),
                };
                fields.Add((field, bytes, value));
            }
            return fields.ToImmutable();
        }
    }
}
