"""Networks as plain torch.nn modules: `nw.torch.to_module`, `halo` and `slope`. Importing it needs PyTorch."""

try:
    from netwarp.network.module import halo, slope, to_module
except ModuleNotFoundError as missing:
    if missing.name != "torch":
        raise
    raise ModuleNotFoundError("netwarp.torch needs PyTorch: pip install 'netwarp[torch]'", name="torch") from missing

__all__ = ["halo", "slope", "to_module"]
