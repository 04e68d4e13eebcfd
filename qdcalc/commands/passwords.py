"""--password-file, the same for every command that opens workbooks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdcalc.recalc.passwords import Passwords


def password_file(arguments: argparse.Namespace) -> Passwords | None:
    """None where none was named. Raises UsageError."""
    if arguments.password_file is None:
        return None
    from qdcalc.recalc.passwords import read_passwords

    return read_passwords(Path(arguments.password_file))
