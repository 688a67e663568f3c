import torch.nn as nn


class Net(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2, mode=mode)

    def forward(self, x):
        return self.up(x)  # PROBLEM Resize
