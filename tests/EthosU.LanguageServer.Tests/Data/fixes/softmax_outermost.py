import torch.nn.functional as F


def forward(x):
    return F.softmax(x.flatten(1), dim=1)  # PROBLEM SOFTMAX
#> Return what the softmax is computed of, and compute it from the outputs where it is needed
#- return F.softmax(x.flatten(1), dim=1)  # PROBLEM SOFTMAX
#+ return x.flatten(1)  # PROBLEM SOFTMAX
