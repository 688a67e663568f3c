import torch.nn.functional as F


def forward(x):
    return F.silu(x) + 1  # PROBLEM LOGISTIC MUL
#> Replace F.silu by hardswish (retrain)
#- return F.silu(x) + 1  # PROBLEM LOGISTIC MUL
#+ return F.hardswish(x) + 1  # PROBLEM LOGISTIC MUL
