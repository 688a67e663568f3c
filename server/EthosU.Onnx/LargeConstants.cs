using System.Globalization;
using EthosU.Files;
using EthosU.Onnx.Proto;
using Google.Protobuf;

namespace EthosU.Onnx;

/// <summary>
/// Copies an ONNX file without its large constants: a copy's constant says where in the file its data lie, so that a runtime reads them
/// there and nobody holds them twice.
/// </summary>
internal sealed class LargeConstants
{
    private const long Large = 1 << 16; // bytes
    // Fields.
    private const int GraphOfModel = 7, InitializerOfGraph = 5, RawDataOfTensor = 9, ExternalDataOfTensor = 13, DataLocationOfTensor = 14;
    private const int External = 1; // DataLocation
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5; // kinds of fields
    private readonly FileStream file;
    private readonly string name;
    private readonly HashSet<int> inPlace;
    private int initializers;

    private LargeConstants(FileStream file, string name, HashSet<int> inPlace) =>
        (this.file, this.name, this.inPlace) = (file, name, inPlace);

    /// <summary>Copies a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inPlace">Gets the numbers of the graph's initializers whose data stay in the file.</param>
    /// <returns>The bytes; null if the file is a link, whose target may lie where no runtime looks, or has fields that cannot be
    /// copied.</returns>
    public static byte[]? LeaveInPlace(string path, HashSet<int> inPlace)
    {
        if (new FileInfo(path).LinkTarget is not null)
            return null;
        using FileStream file = InputFile.OpenRead(path);
        try
        {
            using MemoryStream copy = new();
            new LargeConstants(file, Path.GetFileName(path), inPlace).CopyModel(copy);
            return copy.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            inPlace.Clear();
            return null;
        }
    }

    private void CopyModel(MemoryStream to) =>
        CopyFields(file.Length, to, GraphOfModel, (end, graph) => CopyFields(end, graph, InitializerOfGraph, CopyTensor));

    /// <summary>Copies fields up to an offset in the file; messages of one number by a method of their own.</summary>
    private void CopyFields(long end, MemoryStream to, int number, Action<long, MemoryStream> copy)
    {
        while (file.Position < end)
        {
            ulong tag = ReadVarint();
            if (tag != Tag(number, Delimited))
            {
                CopyField(tag, to);
                continue;
            }
            using MemoryStream message = new();
            copy(EndOfNext(), message);
            WriteVarint(to, tag);
            WriteVarint(to, (ulong)message.Length);
            message.WriteTo(to);
        }
        if (file.Position != end)
            throw new InvalidDataException();
    }

    private void CopyTensor(long end, MemoryStream to)
    {
        int index = initializers++;
        long start = file.Position, offset = -1, length = 0;
        bool plain = true;
        while (file.Position < end)
        {
            ulong tag = ReadVarint();
            if (tag == Tag(RawDataOfTensor, Delimited))
            {
                plain &= offset < 0;
                long behind = EndOfNext();
                (offset, length) = (file.Position, behind - file.Position);
                file.Position = behind;
                continue;
            }
            plain &= tag >> 3 is not (ExternalDataOfTensor or DataLocationOfTensor);
            CopyField(tag, to);
        }
        if (plain && length >= Large && file.Position == end)
        {
            inPlace.Add(index);
            TensorProto where = new() { DataLocation = External };
            foreach ((string key, string value) in ((string, string)[])[("location", name), ("offset", Text(offset)),
                ("length", Text(length))])
                where.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
            where.WriteTo(to);
            return;
        }
        to.SetLength(0);
        file.Position = start;
        CopyBytes(end - start, to);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void CopyField(ulong tag, MemoryStream to)
    {
        WriteVarint(to, tag);
        switch ((int)(tag & 7))
        {
            case Varint:
                WriteVarint(to, ReadVarint());
                break;
            case Fixed64:
                CopyBytes(sizeof(ulong), to);
                break;
            case Fixed32:
                CopyBytes(sizeof(uint), to);
                break;
            case Delimited:
                long length = EndOfNext() - file.Position;
                WriteVarint(to, (ulong)length);
                CopyBytes(length, to);
                break;
            default:
                throw new InvalidDataException();
        }
    }

    private void CopyBytes(long count, MemoryStream to)
    {
        if (count > Array.MaxLength - to.Length)
            throw new InvalidDataException();
        byte[] bytes = new byte[count];
        file.ReadExactly(bytes);
        to.Write(bytes);
    }

    private static ulong Tag(int number, int kind) => ((ulong)number << 3) | (uint)kind;

    /// <summary>Reads a length; where what is so long ends.</summary>
    private long EndOfNext()
    {
        ulong length = ReadVarint();
        return length <= (ulong)(file.Length - file.Position) ? file.Position + (long)length : throw new InvalidDataException();
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = file.ReadByte();
            if (next < 0)
                throw new EndOfStreamException();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException();
    }

    private static void WriteVarint(MemoryStream to, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}
