import torch.nn as nn


class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.GELU()

    def forward(self, x):
        return x


class B(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = nn.GELU()

    def forward(self, x):
        return self.act(x)  # PROBLEM Erf
#> Replace nn.GELU of self.act computed by tanh
#- self.act = nn.GELU()
#+ self.act = nn.GELU(approximate="tanh")
#> Replace nn.GELU of self.act by ReLU (retrain)
#- self.act = nn.GELU()
#+ self.act = nn.ReLU()
