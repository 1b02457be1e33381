"""Modules with weights and statistics that show what an importer does wrong."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn


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
