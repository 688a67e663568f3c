import torch


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.act: torch.nn.Module = torch.nn.PReLU(num_parameters=8)

    def forward(self, x):
        y = self.act(x)  # PROBLEM PRelu
        return y
#> Replace torch.nn.PReLU of self.act by LeakyReLU(0.25) (retrain)
#- self.act: torch.nn.Module = torch.nn.PReLU(num_parameters=8)
#+ self.act: torch.nn.Module = torch.nn.LeakyReLU(0.25)
