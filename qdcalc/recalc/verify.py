"""Re-reads a written workbook and compares it with the original, by another route than the one that wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qdcalc.recalc.values import CellValues

if TYPE_CHECKING:
    from qdcalc.recalc.package import Package


def verify_package(source: Package, target: Path, expected: Mapping[str, CellValues]) -> None:
    """Proves that `target` is `source` with the `expected` values (part → cell → value), and nothing else changed.

    Checks CRCs, member order, raw identity of every other part, identity of the sheets outside `t` and `<v>` of
    the expected cells, and these cells' values. Raises VerificationError.
    """
    raise NotImplementedError
