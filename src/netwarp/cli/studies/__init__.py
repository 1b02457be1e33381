"""The subcommands of `netwarp study`, one a file."""
