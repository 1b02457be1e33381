"""Compiled functions: shipped as LLVM bitcode, or compiled by numba where sources changed; machine code by llvmlite."""
