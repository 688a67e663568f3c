from torch.nn import Module, SiLU as Swish, Conv2d


class Net(Module):
    def __init__(self):
        super().__init__()
        self.act = Swish()

    def forward(self, x):
        x = self.act(x)  # PROBLEM Mul
        return x
#> Replace Swish of self.act by Hardswish (retrain)
#- from torch.nn import Module, SiLU as Swish, Conv2d
#- self.act = Swish()
#+ from torch.nn import Module, SiLU as Swish, Hardswish, Conv2d
#+ self.act = Hardswish()
