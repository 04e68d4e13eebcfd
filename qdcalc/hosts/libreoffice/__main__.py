"""`python -m qdcalc.hosts.libreoffice [FILE]` rewrites the committed extension."""

import sys
from pathlib import Path

from qdcalc.hosts.libreoffice.install import NAME, write

OXT = Path(__file__).parents[3] / "udfs" / NAME

if __name__ == "__main__":
    print(f"已写入 {write(sys.argv[1] if sys.argv[1:] else OXT)}")
