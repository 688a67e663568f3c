import torch
import torch.nn.functional as F


def forward(x):
    x = F.interpolate(x, scale_factor=2, mode="bilinear",
                      align_corners=False)  # PROBLEM Resize
    return torch.relu(x)
#> Replace F.interpolate with mode="nearest" (retrain)
#- x = F.interpolate(x, scale_factor=2, mode="bilinear",
#- align_corners=False)  # PROBLEM Resize
#+ x = F.interpolate(x, scale_factor=2, mode="nearest")  # PROBLEM Resize
