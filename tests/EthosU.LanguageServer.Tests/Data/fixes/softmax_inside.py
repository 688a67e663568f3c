import torch.nn.functional as F


def forward(x, v):
    return F.softmax(x, dim=1) @ v  # PROBLEM SOFTMAX
