"""A function over a CSV of ten million rows: how much memory, and how long beside Polars copying the same file."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.measure import measure, tell

QDCALC = (
    "import sys; from qdcalc.cli import main; sys.exit(main(['table', 'QD_TALENT_SUBSIDY', sys.argv[1], sys.argv[2]]))"
)
POLARS = "import sys, polars as pl; pl.scan_csv(sys.argv[1]).sink_parquet(sys.argv[2])"
WHOLE = "import sys, polars as pl; pl.read_csv(sys.argv[1]).write_parquet(sys.argv[2])"


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.csv"
        with source.open("w", encoding="utf-8") as file:
            file.write("姓名,劳动报酬（元）,备注\n")
            file.writelines(f"人员{n},{n * 7919 % 250_000_000 / 100},第{n}行\n" for n in range(rows))
        size = source.stat().st_size / 1e6
        ours = measure(QDCALC, [str(source), str(folder / "ours.parquet")])
        copied = measure(POLARS, [str(source), str(folder / "copied.parquet")])
        whole = measure(WHOLE, [str(source), str(folder / "whole.parquet")])
    lines = [
        f"{rows:,} rows, a CSV of {size:.0f} MB, one process each",
        "",
        "| program | does | time, streamed copy = 1 | peak memory |",
        "|---|---|---|---|",
        f"| qdcalc table | checks and computes QD_TALENT_SUBSIDY, Parquet | {ours.seconds / copied.seconds:.1f} | {ours.megabytes:.0f} MB |",
        f"| Polars, streamed | copies to Parquet | 1 | {copied.megabytes:.0f} MB |",
        f"| Polars, read whole | copies to Parquet | {whole.seconds / copied.seconds:.1f} | {whole.megabytes:.0f} MB |",
    ]
    tell("table", "A table larger than memory", lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
