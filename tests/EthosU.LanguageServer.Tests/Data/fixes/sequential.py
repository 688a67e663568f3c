from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3),
            nn.SiLU(),
            nn.Conv2d(8, 8, 3),  # nn.SiLU() in a comment
            nn.SiLU(inplace=True),
        )
        self.other = nn.SiLU()

    def forward(self, x):
        return self.features(x)  # PROBLEM Sigmoid Mul
#> Replace the 2 nn.SiLU of self.features by Hardswish (retrain)
#- nn.SiLU(),
#- nn.SiLU(inplace=True),
#+ nn.Hardswish(),
#+ nn.Hardswish(inplace=True),
