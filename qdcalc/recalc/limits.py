"""The limits for a file from outside. One place, so that a reader of the manual and the code see the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384


@dataclass(frozen=True)
class Limits:
    """Everything beyond these is refused with UnsafeFile before it costs memory or time.

    Sizes are bytes. A sheet of 100,000 rows × 12 columns, the largest that the offices hand in, has about
    60 MB of XML, 10 MB compressed, and 1.2 million cells.
    """

    file_size: int = 256 * 2**20
    """the file as it lies on the disk"""
    members: int = 10_000
    """parts in the package"""
    member_size: int = 512 * 2**20
    """one part, unpacked"""
    total_size: int = 1024 * 2**20
    """all parts, unpacked"""
    ratio: int = 300
    """unpacked / packed of one part; a real sheet has 5 to 60, a bomb about 1000. Only asked above `ratio_from`."""
    ratio_from: int = 4 * 2**20
    index_size: int = 32 * 2**20
    """a part that is read as a tree: workbook.xml, relationships, tables"""
    cells: int = 8_000_000
    """cells in one sheet"""
    formulas: int = 2_000_000
    """formulas in one sheet"""
    area: int = 32_000_000
    """last used row × last used column of a sheet: readers that keep a dense grid allocate that much"""
    merged_area: int = 10_000_000
    """cells under merged areas of a sheet, together"""
    array_area: int = 1_000_000
    """cells under array formulas of a sheet, together"""
    spin_count: int = 1_000_000
    """rounds of the password hash of an encrypted file; Excel and WPS use 100,000"""


@dataclass(frozen=True)
class WorkerLimits:
    """What one worker process of a batch may use. Numbers that a person may change stand in `qdcalc recalc -h`."""

    seconds: float = 300
    """one file; the largest that the offices hand in takes under 30 s"""
    start_seconds: float = 120
    """a worker until it is ready: half a second on an idle machine"""
    address_space: int = 3 * 2**30
    """bytes, where the system enforces it (Linux). The engine reserves 0.5 GiB at once and uses a tenth of it."""
    files: int = 500
    """files until a worker makes way for a fresh one: whatever a library leaks ends there"""
    resident: int = 200 * 2**20
    """bytes that a worker may keep after a file; a large workbook leaves a torn heap behind"""


DEFAULT_LIMITS = Limits()
