"""Small versions of torchvision's networks that join branches: SqueezeNet, GoogLeNet, Inception and DenseNet.

torchvision itself does not go with every build of torch.
"""

# every module takes images (n, 3, size, size), and gives (n, CLASSES)

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.families_straight import CLASSES


class Fire(nn.Module):
    def __init__(self, inputs: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze, self.activation = nn.Conv2d(inputs, squeeze, 1), nn.ReLU(inplace=True)
        self.one, self.three = nn.Conv2d(squeeze, expand, 1), nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.activation(self.squeeze(x))
        return torch.cat([self.activation(self.one(x)), self.activation(self.three(x))], 1)


class SqueezeNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(8, 3, 4),
            nn.MaxPool2d(3, 2, ceil_mode=True), Fire(8, 4, 6),
        )  # fmt: skip
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Conv2d(12, CLASSES, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1))
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.flatten(self.classifier(self.features(x)), 1)


class Conv(nn.Module):
    """GoogLeNet's and Inception's convolution, norm and activation."""

    def __init__(self, inputs: int, width: int, **options: Any) -> None:
        super().__init__()
        self.conv, self.bn = nn.Conv2d(inputs, width, bias=False, **options), nn.BatchNorm2d(width, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)), inplace=True)


class Inception(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.branch1 = Conv(inputs, 3, kernel_size=1)
        self.branch2 = nn.Sequential(Conv(inputs, 3, kernel_size=1), Conv(3, 4, kernel_size=3, padding=1))
        self.branch3 = nn.Sequential(Conv(inputs, 2, kernel_size=1), Conv(2, 3, kernel_size=3, padding=1))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), Conv(inputs, 2, kernel_size=1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class GoogLeNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.pool1 = Conv(3, 6, kernel_size=7, stride=2, padding=3), nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2, self.conv3 = Conv(6, 6, kernel_size=1), Conv(6, 8, kernel_size=3, padding=1)
        self.inception1, self.inception2 = Inception(8), Inception(12)
        self.pool2 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.avgpool, self.dropout, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Dropout(0.2), nn.Linear(12, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        # transform_input: the weights come from a network that was fed otherwise
        parts = [x[:, i, None] * (0.22 + 0.01 * i) / 0.5 + (0.48 - 0.5 + 0.02 * i) / 0.5 for i in range(3)]
        x = self.conv3(self.conv2(self.pool1(self.conv1(torch.cat(parts, 1)))))
        x = self.pool2(self.inception2(self.inception1(x)))
        return self.fc(self.dropout(torch.flatten(self.avgpool(x), 1)))


class InceptionV3(nn.Module):
    """A stem, and one of each kind of block: A, B, C, D and E."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.ModuleList([Conv(3, 4, kernel_size=3, stride=2), Conv(4, 4, kernel_size=3), nn.MaxPool2d(3, 2)])
        self.a1 = Conv(4, 2, kernel_size=1)
        self.a5 = nn.Sequential(Conv(4, 2, kernel_size=1), Conv(2, 3, kernel_size=5, padding=2))
        self.a3 = nn.Sequential(Conv(4, 2, kernel_size=1), Conv(2, 3, kernel_size=3, padding=1))
        self.a_pool = Conv(4, 2, kernel_size=1)
        self.b3, self.b_double = Conv(10, 4, kernel_size=3, stride=2), Conv(10, 2, kernel_size=3, stride=2)
        self.c7 = nn.Sequential(
            Conv(16, 3, kernel_size=1), Conv(3, 3, kernel_size=(1, 7), padding=(0, 3)),
            Conv(3, 4, kernel_size=(7, 1), padding=(3, 0)),
        )  # fmt: skip
        self.c1 = Conv(16, 4, kernel_size=1)
        self.d = Conv(8, 4, kernel_size=3, stride=2)
        self.e3, self.e1 = (
            Conv(12, 3, kernel_size=(1, 3), padding=(0, 1)),
            Conv(12, 3, kernel_size=(3, 1), padding=(1, 0)),
        )
        self.avgpool, self.dropout, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Dropout(), nn.Linear(18, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.stem:
            x = layer(x)
        pooled = F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        x = torch.cat([self.a1(x), self.a5(x), self.a3(x), self.a_pool(pooled)], 1)
        x = torch.cat([self.b3(x), self.b_double(x), F.max_pool2d(x, kernel_size=3, stride=2)], 1)
        x = torch.cat([self.c7(x), self.c1(F.avg_pool2d(x, kernel_size=3, stride=1, padding=1))], 1)
        x = torch.cat([self.d(x), F.max_pool2d(x, kernel_size=3, stride=2)], 1)
        x = torch.cat([torch.cat([self.e3(x), self.e1(x)], 1), x], 1)
        return self.fc(torch.flatten(self.dropout(self.avgpool(x)), 1))


class DenseLayer(nn.Module):
    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, 2 * growth, 1, bias=False)
        self.norm2, self.conv2 = nn.BatchNorm2d(2 * growth), nn.Conv2d(2 * growth, growth, 3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, features: list[Tensor]) -> Tensor:
        x = self.conv1(self.relu(self.norm1(torch.cat(features, 1))))
        return F.dropout(self.conv2(self.relu(self.norm2(x))), p=0.1, training=self.training)


class DenseNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 6, 7, 2, 3, bias=False), nn.BatchNorm2d(6), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        )
        self.first = nn.ModuleList(DenseLayer(6 + 3 * i, 3) for i in range(3))
        self.transition = nn.Sequential(
            nn.BatchNorm2d(15), nn.ReLU(inplace=True), nn.Conv2d(15, 7, 1, bias=False), nn.AvgPool2d(2, 2)
        )
        self.second = nn.ModuleList(DenseLayer(7 + 3 * i, 3) for i in range(2))
        self.norm, self.classifier = nn.BatchNorm2d(13), nn.Linear(13, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.transition(self._block(self.first, self.stem(x)))
        x = F.relu(self.norm(self._block(self.second, x)), inplace=True)
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1))

    def _block(self, layers: nn.ModuleList, x: Tensor) -> Tensor:
        features = [x]
        for layer in layers:
            features.append(layer(features))
        return torch.cat(features, 1)
