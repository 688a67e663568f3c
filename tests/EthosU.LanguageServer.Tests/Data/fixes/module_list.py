from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.acts = nn.ModuleList([nn.SiLU() for _ in range(3)])

    def forward(self, x):
        for act in self.acts:
            x = act(x)  # PROBLEM Sigmoid
        return x
