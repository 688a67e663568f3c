using System.Globalization;
using EthosU.Files;
using EthosU.Graphs;
using EthosU.Npy;

namespace EthosU.Pipeline.Running;

/// <summary>The array that a user gives for an input of a model, checked, and read sample by sample.</summary>
internal sealed class InputArray : IDisposable
{
    private const string ArchiveExtension = ".npz";

    private readonly NumpyRowReader rows;
    private readonly Tensor input;
    private readonly bool stacked;

    /// <summary>Opens an array.</summary>
    /// <param name="text">A <c>.npy</c> file, or <c>FILE.npz:NAME</c>.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="stacked">True if samples are stacked along a leading axis.</param>
    /// <exception cref="ModelFormatException">It is damaged or does not suit the input.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public InputArray(string text, Tensor input, bool stacked)
    {
        this.input = input;
        this.stacked = stacked;
        rows = Open(text, input.Name);
        try
        {
            Check(text);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>How many samples it holds.</summary>
    public int Count => stacked ? rows.RowCount : 1;

    /// <summary>Reads the next sample.</summary>
    public TensorData Read()
    {
        var bytes = new byte[input.Type.ByteCount(input.Shape.ElementCount)];
        if (stacked)
        {
            rows.TryRead(bytes);
        }
        else
        {
            for (int at = 0; at < bytes.Length; at += rows.RowBytes)
                rows.TryRead(bytes.AsSpan(at, rows.RowBytes));
        }
        return new(input.Type, input.Shape, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => rows.Dispose();

    /// <summary>The shape that an input with open sizes has for an array: the array's where it suits, else the input's own.</summary>
    public static Shape ShapeFor(string text, Tensor input, bool stacked)
    {
        if (input.OpenAxes.IsEmpty)
            return input.Shape;
        using NumpyRowReader rows = Open(text, input.Name);
        Shape shape = stacked && rows.Shape.Rank > 0 ? rows.RowShape : rows.Shape;
        if (shape.Rank == input.Shape.Rank - 1 && input.Shape[0] == 1)
            shape = new(shape.Sizes.Insert(0, 1));
        return shape.Rank == input.Shape.Rank
            && Enumerable.Range(0, shape.Rank).All(axis => shape[axis] == input.Shape[axis] || (axis > 0 && input.OpenAxes.Contains(axis)))
            ? shape : input.Shape;
    }

    /// <summary>The file in the text that names an array.</summary>
    public static string FileOf(string text) => Colon(text) is >= 0 and int colon ? text[..colon] : text;

    /// <summary>Where the archive's name ends; negative for a name without an array.</summary>
    private static int Colon(string text)
    {
        int found = text.LastIndexOf(ArchiveExtension + ":", StringComparison.OrdinalIgnoreCase);
        return found < 0 ? found : found + ArchiveExtension.Length;
    }

    private static NumpyRowReader Open(string text, string inputName)
    {
        if (Colon(text) is >= 0 and int colon)
        {
            InputFile.Require(text[..colon], "an archive of NumPy arrays (.npz)");
            return NumpyArchive.OpenRows(text[..colon], text[(colon + 1)..]);
        }
        InputFile.Require(text, "a NumPy array (.npy, or FILE.npz:NAME for one of an archive)");
        if (!text.EndsWith(ArchiveExtension, StringComparison.OrdinalIgnoreCase))
            return NumpyFile.OpenRows(text);
        using NumpyArchive archive = NumpyArchive.Open(text);
        string? name = archive.Names.Count == 1 ? archive.Names[0] : archive.Contains(inputName) ? inputName : null;
        return name is not null
            ? NumpyArchive.OpenRows(text, name)
            : throw new ModelFormatException(text, "",
            $"the archive holds {archive.Names.Count} arrays ({string.Join(", ", archive.Names)}); say which: {text}:NAME");
    }

    // A leading axis of one may be left out, as NumPy users do who take one sample of a data set.
    private void Check(string text)
    {
        Shape shape = stacked ? rows.RowShape : rows.Shape;
        if (rows.Shape.ElementCount == 0 && input.Shape.ElementCount > 0)
            throw new ModelFormatException(text, "", $"the array is empty: its shape is {rows.Shape}");
        bool suits = shape == input.Shape || (input.Shape.Rank > 0 && input.Shape[0] == 1 && shape == input.Shape.Without(0));
        if (stacked && rows.Shape.Rank == 0)
            throw Mismatch(text, "with --samples a leading axis of samples is needed");
        if (!suits)
        {
            bool forgotten = !stacked && rows.Shape.Rank > 0
                && (rows.RowShape == input.Shape || (input.Shape.Rank > 0 && rows.RowShape == input.Shape.Without(0)));
            throw Mismatch(text, forgotten ? "it looks like stacked samples: add --samples" : stacked
                ? "give [samples, then the input's shape]" : "give an array of the input's shape");
        }
        if (rows.Type != input.Type)
        {
            string how = input.Quantization is { IsPerAxis: false } q && input.Type is ElementType.Int8 or ElementType.Int16
                ? string.Create(CultureInfo.InvariantCulture,
                $": stored = round(real / {q.Scale:G9}){(q.ZeroPoint == 0 ? "" : q.ZeroPoint < 0 ? $" - {-q.ZeroPoint}" : $" + {q.ZeroPoint}")}, limited to {input.Type.IntegerRange().Min} to {input.Type.IntegerRange().Max}")
                : "";
            throw Mismatch(text, $"give values of the model's own type{how}");
        }
    }

    private ModelFormatException Mismatch(string text, string advice) => new(text, "",
        $"input '{input.Name}' takes {input.Type.DisplayName()}{input.Shape}, "
            + $"the array is {rows.Type.DisplayName()}{rows.Shape}; {advice}");
}
