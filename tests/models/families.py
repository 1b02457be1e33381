"""Small versions of torchvision's networks, with the same operations and wiring: only the widths and depths are less.

torchvision itself does not go with every build of torch. Each has random weights and random running statistics.
"""

# every module takes images (n, 3, size, size), and gives (n, 5)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CLASSES = 5


class Basic(nn.Module):
    """ResNet's basic block."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = _projection(inputs, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        identity = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        return self.relu(out)


class Bottleneck(nn.Module):
    """ResNet's and, with groups, ResNeXt's block of three convolutions."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        inner = width // 2
        self.conv1, self.bn1 = nn.Conv2d(inputs, inner, 1, bias=False), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = nn.Conv2d(inner, inner, 3, stride, 1, groups=2, bias=False), nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = nn.Conv2d(inner, width, 1, bias=False), nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = _projection(inputs, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(out)))))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)


def _projection(inputs: int, width: int, stride: int) -> nn.Module | None:
    if stride == 1 and inputs == width:
        return None
    return nn.Sequential(nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))


class ResNet(nn.Module):
    """`resnet18` is ResNet(Basic, [2, 2, 2, 2], 64, 1000)."""

    def __init__(self, block: Any, depths: list[int], width: int, classes: int = CLASSES) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, self.relu, self.maxpool = nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        stages, inputs = [], width
        for stage, depth in enumerate(depths):
            wide = width << stage
            blocks = [block(inputs, wide, 2 if stage else 1)]
            blocks += [block(wide, wide, 1) for _ in range(depth - 1)]
            stages.append(nn.Sequential(*blocks))
            inputs = wide
        self.stages = nn.Sequential(*stages)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        return self.fc(torch.flatten(self.avgpool(self.stages(x)), 1))


class VGG(nn.Module):
    def __init__(self, *, norm: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 3
        for width in (4, 0, 6, 0, 8, 8, 0):
            if not width:
                layers.append(nn.MaxPool2d(2, 2))
                continue
            layers.append(nn.Conv2d(inputs, width, 3, padding=1))
            layers += [nn.BatchNorm2d(width)] if norm else []
            layers.append(nn.ReLU(inplace=True))
            inputs = width
        self.features, self.avgpool = nn.Sequential(*layers), nn.AdaptiveAvgPool2d((3, 3))
        self.classifier = nn.Sequential(
            nn.Linear(72, 16), nn.ReLU(True), nn.Dropout(), nn.Linear(16, 16), nn.ReLU(True), nn.Dropout(),
            nn.Linear(16, CLASSES),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class AlexNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 11, 4, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(6, 8, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(8, 6, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(6, 6, 3, padding=1), nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 1),
        )  # fmt: skip
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(24, 12), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(12, CLASSES)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


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


def drawn(make: Callable[[], nn.Module], seed: int = 0) -> nn.Module:
    """In eval mode; its norms' statistics are random, so that to leave one out changes the function."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        module = make()
        for part in module.modules():
            if isinstance(part, nn.Conv2d | nn.Linear):
                # torch's own weights make signals fade, and with them what an error would change
                nn.init.kaiming_normal_(part.weight)
            if isinstance(part, nn.BatchNorm2d | nn.BatchNorm1d):
                nn.init.normal_(part.running_mean, std=0.5)
                nn.init.uniform_(part.running_var, 0.5, 2.0)
                nn.init.uniform_(part.weight, 0.5, 1.5)
                nn.init.normal_(part.bias, std=0.5)
    return module.eval()
