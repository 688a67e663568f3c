using EthosU.Graphs;
using EthosU.Import;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that make tensors from attributes or constants.</summary>
internal static class ConstantImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Constant", Constant), ("ConstantOfShape", OfShape), ("Range", Range), ("EyeLike", EyeLike), ("NonZero", NonZero),
        ("Compress", Compress)];

    private static void Constant(ImportContext c)
    {
        if (c.Node.TensorType("value") is { } type)
            c.NoteType(c.Node.Proto.Output[0], type);
        TensorData data = c.Node.Tensor("value")
            ?? (c.Node.Has("value_float") ? TensorData.Scalar(c.Node.Float("value_float", 0))
            : c.Node.Has("value_int") ? TensorData.Scalar(c.Node.Int("value_int", 0))
            : c.Node.Floats("value_floats") is { } floats ? TensorData.Vector<float>(floats)
            : c.Node.Ints("value_ints") is { } ints ? TensorData.Vector<int>(ints)
            : throw new UnsupportedOperatorException("The constant is text or sparse.", "Use dense numbers."));
        c.Output(0, c.Constant(data, "value"));
    }

    private static void OfShape(ImportContext c)
    {
        int[] sizes = c.Integers(0, "shape");
        TensorData value = c.Node.Tensor("value") ?? TensorData.Scalar(0f);
        c.Output(0, c.Emit(new Fill(), c.Integers(sizes), c.Constant(value.Reshape(Shape.Scalar), "value")));
    }

    private static void Range(ImportContext c)
    {
        foreach (int i in (int[])[0, 1, 2])
        {
            TensorData number = c.Constant(c.Input(i), "range");
            // Integers of 64 bits were read as the nearest of 32: what lies at an end may stand for any number beyond.
            if (number.Type is ElementType.Int32 or ElementType.Int64
                && number.ToInt64Array().Any(static value => value is <= int.MinValue or >= int.MaxValue))
                throw new UnsupportedOperatorException("Its range reaches beyond integers of 32 bits.", "Use smaller numbers.");
        }
        c.Output(0, c.Emit(new NumberRange(), c.Input(0), c.Input(1), c.Input(2)));
    }

    private static void EyeLike(ImportContext c)
    {
        Shape shape = c.Input(0).Shape;
        int k = c.Node.Int("k", 0);
        if (shape.Rank != 2)
            throw new UnsupportedOperatorException($"A unit matrix like {shape} is not possible.", "Check the exported model.");
        float[] values = new float[c.Listed(shape.ElementCount)];
        for (int row = 0; row < shape[0]; row++)
            if ((long)row + k >= 0 && (long)row + k < shape[1])
                values[(row * shape[1]) + row + k] = 1;
        ElementType type = c.Node.Has("dtype") ? TensorLoader.TypeOf(c.Node.Int("dtype", 1)) : c.Input(0).Type;
        c.Output(0, c.Cast(c.Constant(TensorData.From<float>(shape, values)), type));
    }

    private static void NonZero(ImportContext c)
    {
        TensorData data = c.Constant(c.Input(0), "input");
        float[] values = data.ToFloatArray();
        int[] hits = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        var strides = data.Shape.Strides();
        int[] result = new int[data.Shape.Rank * hits.Length];
        for (int axis = 0; axis < data.Shape.Rank; axis++)
            for (int i = 0; i < hits.Length; i++)
                result[(axis * hits.Length) + i] = (int)(hits[i] / strides[axis] % data.Shape[axis]);
        c.Output(0, c.Constant(TensorData.From<int>([data.Shape.Rank, hits.Length], result)));
    }

    /// <summary>Picks by a constant mask.</summary>
    private static void Compress(ImportContext c)
    {
        long[] mask = c.Constant(c.Input(1), "condition").ToInt64Array();
        int[] kept = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] != 0)];
        Tensor x = c.Node.Has("axis") ? c.Input(0) : c.Reshape(c.Input(0), [checked((int)c.Input(0).Shape.ElementCount)]);
        int axis = x.Shape.NormalizeAxis(c.Node.Int("axis", 0));
        if (kept.Length == 0 || kept[^1] >= x.Shape[axis])
            throw new UnsupportedOperatorException(
                "Nothing is left of it, or the mask is longer than the axis.", "Check the exported model.");
        c.Output(0, c.Emit(new Gather(axis), x, c.Integers(kept)));
    }
}
