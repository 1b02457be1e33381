"""The version, once: the build reads it from here, and so does every recipe."""

VERSION = "0.2.0.dev0"
