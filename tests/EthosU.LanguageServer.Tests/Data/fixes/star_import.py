from torch.nn import *


class Net(Module):
    def __init__(self):
        super().__init__()
        self.act = SiLU()

    def forward(self, x):
        return self.act(x)  # PROBLEM Sigmoid
