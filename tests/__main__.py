"""Everything that must hold before a change lands: `python -m tests`. Stops at the first part that fails."""

from __future__ import annotations

import subprocess
import sys
import time

PARTS: tuple[tuple[str, list[str]], ...] = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
    ("pytest", ["-m", "pytest", "-n", "auto", "--dist", "loadfile", *sys.argv[1:]]),  # a process a core
    ("parity", ["-m", "tests.parity"]),
)

if __name__ == "__main__":
    for name, command in PARTS:
        start = time.perf_counter()
        code = subprocess.run([sys.executable, *command], check=False).returncode
        print(f"{name}: {'ok' if code == 0 else f'failed ({code})'}, {time.perf_counter() - start:.0f} s", flush=True)
        if code:
            sys.exit(code)
