import torch.nn.functional as F
import helpers

F = helpers.fast(F)


def forward(x):
    return F.silu(x)  # PROBLEM Sigmoid
