import torch

torch.onnx.export(  # EXPORT
    net, x, "net.onnx",
    dynamic_axes={"x": {0: "batch"}},  # sizes
    opset_version=11,
)
#> Export with fixed sizes: remove dynamic_axes
#- net, x, "net.onnx",
#- dynamic_axes={"x": {0: "batch"}},  # sizes
#+ net, x, "net.onnx",  # sizes
#> Export with operator set 17
#- opset_version=11,
#+ opset_version=17,
