"""Small versions of torchvision's networks, with the same operations and wiring: only the widths and depths are less.

torchvision itself does not go with every build of torch. Each has random weights and random running statistics.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.families_branched import DenseNet, GoogLeNet, InceptionV3, SqueezeNet
from models.families_drawn import drawn
from models.families_mobile import MnasNet, MobileNetV2, ShuffleNet
from models.families_straight import VGG, AlexNet, Basic, Bottleneck, ResNet

__all__ = ["FAMILIES", "LeNet", "drawn"]


class LeNet(nn.Module):
    """LeCun's of 1998, with ReLU and max pools, narrow; of images (n, 1, size, size)."""

    def __init__(self, size: int = 10) -> None:
        super().__init__()
        side = (size // 2 - 2) // 2
        self.conv1, self.conv2 = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(2, 3, 3)
        self.fc1, self.fc2 = nn.Linear(3 * side * side, 6), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))


# name -> the network, and the side of its images
FAMILIES: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "resnet": (lambda: ResNet(Basic, [1, 2], 4), 32),
    "resnext": (lambda: ResNet(Bottleneck, [1, 2], 4), 32),
    "vgg": (lambda: VGG(norm=False), 24),
    "vgg_bn": (lambda: VGG(norm=True), 24),
    "alexnet": (AlexNet, 67),
    "squeezenet": (SqueezeNet, 32),
    "googlenet": (GoogLeNet, 32),
    "inception_v3": (InceptionV3, 63),
    "densenet": (DenseNet, 32),
    "mobilenet_v2": (MobileNetV2, 24),
    "shufflenet": (ShuffleNet, 32),
    "mnasnet": (MnasNet, 24),
}
