"""`python -m fast_style.cli` is `fast-style`."""

import sys

from fast_style.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
