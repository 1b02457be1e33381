"""Small versions of torchvision's networks of grouped convolutions: MobileNetV2, MnasNet and ShuffleNetV2.

torchvision itself does not go with every build of torch.
"""

# every module takes images (n, 3, size, size), and gives (n, CLASSES)

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.families_straight import CLASSES


class Inverted(nn.Module):
    """MobileNetV2's and, with ReLU, MnasNet's block."""

    def __init__(
        self, inputs: int, outputs: int, stride: int, expand: int, act: type[nn.Module], size: int = 3
    ) -> None:
        super().__init__()
        wide = inputs * expand
        widen = [nn.Conv2d(inputs, wide, 1, bias=False), nn.BatchNorm2d(wide), act(inplace=True)] if expand > 1 else []
        self.layers = nn.Sequential(
            *widen,
            nn.Conv2d(wide, wide, size, stride, size // 2, groups=wide, bias=False),
            nn.BatchNorm2d(wide), act(inplace=True),
            nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs),
        )  # fmt: skip
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x) if self.residual else self.layers(x)


class MobileNetV2(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU6(inplace=True),
            Inverted(4, 3, 1, 1, nn.ReLU6), Inverted(3, 4, 2, 6, nn.ReLU6), Inverted(4, 4, 1, 6, nn.ReLU6),
            nn.Conv2d(4, 12, 1, bias=False), nn.BatchNorm2d(12), nn.ReLU6(inplace=True),
        )  # fmt: skip
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(12, CLASSES))

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


class MnasNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True),
            nn.Conv2d(4, 4, 3, 1, 1, groups=4, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True),
            Inverted(4, 4, 2, 3, nn.ReLU, 5), Inverted(4, 4, 1, 3, nn.ReLU, 5),
            nn.Conv2d(4, 10, 1, bias=False), nn.BatchNorm2d(10), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.classifier = nn.Sequential(nn.Dropout(0.2, inplace=True), nn.Linear(10, CLASSES))

    def forward(self, x: Tensor) -> Tensor:
        # the mean of the two last axes, as MnasNet writes it
        return self.classifier(self.layers(x).mean([2, 3]))


class Shuffle(nn.Module):
    """ShuffleNetV2's block."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.stride, half = stride, outputs // 2
        self.branch1 = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), nn.BatchNorm2d(inputs),
            nn.Conv2d(inputs, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True),
        ) if stride > 1 else nn.Sequential()  # fmt: skip
        self.branch2 = nn.Sequential(
            nn.Conv2d(inputs if stride > 1 else half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True),
            nn.Conv2d(half, half, 3, stride, 1, groups=half, bias=False), nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == 1:
            x1, x2 = x.chunk(2, dim=1)
            out = torch.cat((x1, self.branch2(x2)), dim=1)
        else:
            out = torch.cat((self.branch1(x), self.branch2(x)), dim=1)
        batch, channels, height, width = out.size()
        out = out.view(batch, 2, channels // 2, height, width)
        return torch.transpose(out, 1, 2).contiguous().view(batch, channels, height, width)


class ShuffleNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True))
        self.maxpool, self.stage = nn.MaxPool2d(3, 2, 1), nn.Sequential(Shuffle(4, 8, 2), Shuffle(8, 8, 1))
        self.conv5 = nn.Sequential(nn.Conv2d(8, 10, 1, bias=False), nn.BatchNorm2d(10), nn.ReLU(inplace=True))
        self.fc = nn.Linear(10, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.conv5(self.stage(self.maxpool(self.conv1(x)))).mean([2, 3]))
