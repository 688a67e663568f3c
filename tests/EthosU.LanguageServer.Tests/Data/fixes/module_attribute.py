import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, c: int):
        super().__init__()
        self.conv = nn.Conv2d(c, c, 3)
        self.act = nn.SiLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(self.conv(x))  # PROBLEM Sigmoid
#> Replace nn.SiLU of self.act by Hardswish (retrain)
#- self.act = nn.SiLU(inplace=True)
#+ self.act = nn.Hardswish(inplace=True)
