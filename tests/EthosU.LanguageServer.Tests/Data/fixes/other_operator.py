import torch.nn.functional as F


def forward(x, w):
    return F.conv2d(F.silu(x), w)  # PROBLEM Conv
