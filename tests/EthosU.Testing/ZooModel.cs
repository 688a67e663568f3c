using EthosU.Graphs;
using EthosU.Npy;

namespace EthosU.Testing;

/// <summary>The networks trained on CIFAR-10, and their data.</summary>
public static class ZooModel
{
    /// <summary>The names of the files, without extension.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "conv1d_cifar", "mobilenetv2_cifar", "mobilenetv3_cifar", "resnet14_cifar", "rowlstm_cifar", "shufflegroup_cifar",
        "simple_network", "simple_network_relu6", "tinyvit_cifar", "unet_cifar",
    ];

    /// <summary>A network's file; the running test is skipped where it is missing.</summary>
    public static string Require(string name) => SharedData.Require("data", "models", "pytorch", $"{name}.onnx");

    /// <summary>The calibration data: 200 images, uint8 NHWC.</summary>
    public static string Calibration => SharedData.Require("data", "cifar10", "calibration.npz");

    /// <summary>The test images as the networks take them: float32 [1, 3, 32, 32], pixel / 255.</summary>
    public static TensorData Image(int index)
    {
        using NumpyArchive archive = NumpyArchive.Open(SharedData.Require("data", "cifar10", "test2000.npz"));
        using NumpyRowReader rows = archive.OpenRows("x");
        var row = new byte[rows.RowBytes];
        for (int i = 0; i <= index; i++)
            rows.TryRead(row);
        Shape shape = [1, .. rows.RowShape];
        var values = new float[row.Length];
        for (int i = 0; i < row.Length; i++)
            values[i] = row[i] / 255f;
        return ToNchw(TensorData.From<float>(shape, values));
    }

    /// <summary>[N, C, H, W] from [N, H, W, C]; other ranks stay as they are.</summary>
    public static TensorData ToNchw(TensorData data) => data.Shape.Rank == 4 ? Permute(data, [0, 3, 1, 2]) : data;

    /// <summary>[N, H, W, C] from [N, C, H, W]; other ranks stay as they are.</summary>
    public static TensorData ToNhwc(TensorData data) => data.Shape.Rank == 4 ? Permute(data, [0, 2, 3, 1]) : data;

    private static TensorData Permute(TensorData data, ReadOnlySpan<int> axes)
    {
        Shape shape = data.Shape.Permute(axes);
        var strides = data.Shape.Strides();
        ReadOnlySpan<float> from = data.AsSpan<float>();
        var to = new float[from.Length];
        int at = 0;
        for (int a = 0; a < shape[0]; a++)
            for (int b = 0; b < shape[1]; b++)
                for (int c = 0; c < shape[2]; c++)
                    for (int d = 0; d < shape[3]; d++)
                        to[at++] = from[(int)((a * strides[axes[0]]) + (b * strides[axes[1]]) + (c * strides[axes[2]])
                            + (d * strides[axes[3]]))];
        return TensorData.From<float>(shape, to);
    }
}
