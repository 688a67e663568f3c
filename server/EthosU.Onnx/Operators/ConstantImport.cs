using EthosU.Graphs;

namespace EthosU.Onnx.Operators;

/// <summary>Operators that make tensors from attributes or constants.</summary>
internal static class ConstantImport
{
    public static IEnumerable<(string, Action<ImportContext>)> Operators =>
        [("Constant", Constant), ("ConstantOfShape", OfShape), ("Range", Range), ("EyeLike", EyeLike), ("NonZero", NonZero)];

    private static void Constant(ImportContext c)
    {
        TensorData data = c.Node.Tensor("value")
            ?? (c.Node.Has("value_float") ? TensorData.Scalar(c.Node.Float("value_float", 0))
            : c.Node.Has("value_int") ? TensorData.Scalar(c.Node.Int("value_int", 0))
            : c.Node.Floats("value_floats") is { } floats ? TensorData.Vector<float>(floats)
            : c.Node.Ints("value_ints") is { } ints ? TensorData.Vector<int>(ints)
            : throw ImportContext.Unsupported("The constant is text or sparse.", "Use dense numbers."));
        c.Output(0, new Tensor(c.Node.Proto.Output[0], data));
    }

    private static void OfShape(ImportContext c)
    {
        int[] sizes = c.ReadIntegers(0)!;
        TensorData value = c.Node.Tensor("value") ?? TensorData.Scalar(0f);
        c.Output(0, c.Emit(new Fill(), c.Integers(sizes), c.Constant(value.Reshape(Shape.Scalar), "value")));
    }

    private static void Range(ImportContext c)
    {
        foreach (int i in (int[])[0, 1, 2])
            _ = c.Constant(c.Input(i), "range");
        c.Output(0, c.Emit(new NumberRange(), c.Input(0), c.Input(1), c.Input(2)));
    }

    private static void EyeLike(ImportContext c)
    {
        Shape shape = c.Input(0).Shape;
        int k = c.Node.Int("k", 0);
        float[] values = new float[shape.ElementCount];
        for (int row = 0; row < shape[0]; row++)
            if (row + k >= 0 && row + k < shape[1])
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
}
