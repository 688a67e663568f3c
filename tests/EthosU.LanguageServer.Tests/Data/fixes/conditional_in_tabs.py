import torch.nn as nn


@register
class Größe(nn.Module):
	def __init__(self, fast: bool = False):
		super().__init__()
		note = "nn.SiLU() is slow"
		self.act = nn.ReLU() if fast else nn.SiLU()

	def forward(self, x):
		return (lambda y: self.act(y))(x)  # PROBLEM Sigmoid
#> Replace nn.SiLU of self.act by Hardswish (retrain)
#- self.act = nn.ReLU() if fast else nn.SiLU()
#+ self.act = nn.ReLU() if fast else nn.Hardswish()
