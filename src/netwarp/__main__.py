"""`python -m netwarp`: the command line, also where the scripts of the environment are not on the path."""

from __future__ import annotations

from netwarp.cli.entry import main

if __name__ == "__main__":
    main()
