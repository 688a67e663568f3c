import torch.onnx

torch.onnx.export(net, x, "net.onnx", opset_version=17)  # EXPORT
