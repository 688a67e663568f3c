using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using EthosU.Graphs;

namespace EthosU.Torch.Pickles;

/// <summary>
/// Reads the few instructions of pickles that dictionaries of tensors need. It makes dictionaries, lists, tuples, numbers, texts and
/// tensors, and nothing else: names and instructions that are not listed are refused, nothing is executed (pt2-format 7).
/// </summary>
internal sealed class PickleMachine
{
    private const int LongestText = 1 << 20;
    private static readonly Encoding Texts = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private readonly ReadOnlyMemory<byte> pickle;
    private readonly string file;
    private readonly string entry;
    private readonly List<object?> stack = [];
    private readonly List<object?> memo = []; // pickles number what they store as it comes
    private int at;

    private PickleMachine(ReadOnlyMemory<byte> pickle, string file, string entry) =>
        (this.pickle, this.file, this.entry) = (pickle, file, entry);

    /// <summary>The value that a pickle holds.</summary>
    /// <param name="pickle">The pickle.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="entry">The entry of the archive, for messages.</param>
    /// <exception cref="ModelFormatException">It is damaged, or holds what tensors do not need.</exception>
    public static object? Run(ReadOnlyMemory<byte> pickle, string file, string entry) => new PickleMachine(pickle, file, entry).Run();

    private object? Run()
    {
        while (true)
        {
            byte code = Take(1)[0];
            if (code == (byte)'.')
                return stack.Count == 1 && stack[0] is not PickleMark ? stack[0] : throw Problem("it does not end with one value");
            Step(code);
        }
    }

    private void Step(byte code)
    {
        switch ((char)code)
        {
            case '\x80':
                if (Take(1)[0] > 2)
                    throw Problem("its protocol is not 2, with which torch writes tensors");
                break;
            case 'c':
                Push(Global(Line(), Line()));
                break;
            case 'R':
                Reduce();
                break;
            case 'Q':
                Push(Storage(Pop()));
                break;
            case 'b':
                Pop(); // the state of a dictionary is its versions; other objects have none here
                if (Peek() is not Dictionary<string, object?>)
                    throw Problem("it sets the state of something that has none");
                break;
            case 's' or 'u':
                SetItems((char)code == 'u' ? PopToMark() : [.. Pair()]);
                break;
            case 'a' or 'e':
                List<object?> added = (char)code == 'e' ? PopToMark() : [Pop()];
                (Peek() as List<object?> ?? throw Problem("it appends to what is no list")).AddRange(added);
                break;
            case 'q' or 'r':
                Store(Number((char)code == 'q' ? 1 : 4), Peek());
                break;
            case 'h' or 'j':
                long index = Number((char)code == 'h' ? 1 : 4);
                Push(index < memo.Count ? memo[(int)index] : throw Problem("it reads what it never stored"));
                break;
            default:
                Push(Value((char)code));
                break;
        }
    }

    /// <summary>The value that an instruction makes.</summary>
    private object? Value(char code) => code switch
    {
        '(' => PickleMark.Instance,
        '}' => new Dictionary<string, object?>(),
        ']' => new List<object?>(),
        ')' => Array.Empty<object?>(),
        't' => PopToMark().ToArray(),
        '\x85' => new[] { Pop() },
        '\x86' => Pair(),
        '\x87' => Pair() is var last ? new[] { Pop(), last[0], last[1] } : null,
        'N' => null,
        '\x88' => true,
        '\x89' => false,
        'K' => Number(1),
        'M' => Number(2),
        'J' => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        '\x8A' => Long(),
        'G' => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
        'X' => Text(),
        _ => throw Problem($"it uses instruction 0x{(int)code:X2}, which tensors do not need"),
    };

    private object Global(string module, string name) => PickleGlobals.Find(module, name) ?? throw Problem(
        $"it names {module}.{name}, which is never run; save the network again with torch.export.save, of plain tensors only");

    private void Reduce()
    {
        object? given = Pop(), function = Pop();
        object?[] arguments = given as object?[] ?? throw Problem("it calls something without a tuple of arguments");
        Push(function switch
        {
            PickleFunction.OrderedDictionary when arguments.Length == 0 => new Dictionary<string, object?>(),
            PickleFunction.RebuildTensor when arguments is [PickledStorage storage, long offset, object?[] sizes, object?[] strides, ..] =>
                new PickledTensor(storage, offset, Numbers(sizes), Numbers(strides)),
            PickleFunction.RebuildParameter when arguments is [PickledTensor tensor, ..] => tensor,
            _ => throw Problem("it calls something in a way that tensors do not need"),
        });
    }

    private PickledStorage Storage(object? id) =>
        id is object?[] and ["storage", StorageType type, string key, string, long count] && count >= 0
            ? new(type.Type, key, count) : throw Problem("it refers to data in a way that tensors do not need");

    private ImmutableArray<long> Numbers(object?[] values) =>
        [.. values.Select(value => value is long number ? number : throw Problem("a size or stride is no integer"))];

    private void Store(long index, object? value)
    {
        if (index > memo.Count)
            throw Problem("it leaves out a number of what it stores");
        if (index == memo.Count)
            memo.Add(value);
        else
            memo[(int)index] = value;
    }

    private void SetItems(List<object?> items)
    {
        if (Peek() is not Dictionary<string, object?> to || items.Count % 2 != 0)
            throw Problem("it sets items of what is no dictionary");
        for (int i = 0; i < items.Count; i += 2)
            to[items[i] as string ?? throw Problem("a key of a dictionary is no text")] = items[i + 1];
    }

    private void Push(object? value) => stack.Add(value);

    private object? Peek() => stack.Count > 0 && stack[^1] is not PickleMark ? stack[^1]
        : throw Problem("it takes a value where there is none");

    private object? Pop()
    {
        object? value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] Pair()
    {
        object? second = Pop();
        return [Pop(), second];
    }

    private List<object?> PopToMark()
    {
        int mark = stack.LastIndexOf(PickleMark.Instance);
        if (mark < 0)
            throw Problem("it ends a list that it never began");
        List<object?> values = stack.GetRange(mark + 1, stack.Count - mark - 1);
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    private long Number(int bytes)
    {
        long value = 0;
        ReadOnlySpan<byte> taken = Take(bytes);
        for (int i = 0; i < bytes; i++)
            value |= (long)taken[i] << (8 * i);
        return value;
    }

    private long Long()
    {
        int size = Take(1)[0];
        ReadOnlySpan<byte> taken = Take(size);
        if (size > sizeof(long))
            throw Problem("a number has more than 64 bits");
        long value = size > 0 && taken[^1] > sbyte.MaxValue ? -1 : 0;
        for (int i = size - 1; i >= 0; i--)
            value = (value << 8) | taken[i];
        return value;
    }

    private string Text()
    {
        long size = Number(4);
        return size <= LongestText ? Decode(Take((int)size)) : throw Problem($"a text declares {size:N0} bytes");
    }

    private string Line()
    {
        int end = pickle.Span[at..].IndexOf((byte)'\n');
        if (end is < 0 or > LongestText)
            throw Problem("a name has no end");
        string line = Decode(Take(end));
        at++;
        return line;
    }

    private string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Texts.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(file, entry, "the pickle is damaged: a text is no UTF-8", e);
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > pickle.Length - at)
            throw Problem("it ends too early");
        at += count;
        return pickle.Span.Slice(at - count, count);
    }

    private ModelFormatException Problem(string what) => new(file, entry, $"the pickle cannot be read: {what}");
}
