"""``python -m rollbook`` is the command line."""

import sys

from rollbook.cli import main

if __name__ == "__main__":
    sys.exit(main())
