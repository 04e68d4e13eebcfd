"""10,000,000 rows of QD_TALENT_SUBSIDY: the same 分 as `exact` on every band and edge; speed beside Polars' Decimals."""

from __future__ import annotations

import sys
import time
from decimal import Decimal

import polars as pl

import qdcalc
from qdcalc.policies import find

NAME = "QD_TALENT_SUBSIDY"
EDGES = [0, 199999.99, 200000, 200000.01, 499999.99, 500000, 999999.99, 1000000, 1666666.66, 1666666.67, 1e12]


def polars_decimal(pay: pl.Series) -> pl.Series:
    """The same rule in Polars' own Decimal type, as one would write it by hand."""
    money = pl.Decimal(38, 2)
    amount = pl.col("pay").cast(money)
    rate = (
        pl.when(amount >= 1_000_000).then(pl.lit(Decimal("0.12")))
        .when(amount >= 500_000).then(pl.lit(Decimal("0.10")))
        .when(amount >= 200_000).then(pl.lit(Decimal("0.08")))
        .otherwise(pl.lit(Decimal("0.00")))
    )  # fmt: skip
    product = (amount * rate.cast(money)).cast(money)
    return pay.to_frame("pay").select(pl.min_horizontal(product, pl.lit(Decimal(200000)).cast(money))).to_series()


def main(rows: int) -> None:
    pay = pl.select((pl.int_range(0, rows, dtype=pl.Int64) * 7919 % 250_000_037).cast(pl.Float64) / 100).to_series()
    pay = pl.concat([pl.Series(EDGES, dtype=pl.Float64), pay]).rename("pay").head(rows)
    start = time.perf_counter()
    ours = qdcalc.columns(NAME, {"pay": pay})
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    theirs = polars_decimal(pay)
    others = time.perf_counter() - start
    function = find(NAME)
    sample = sorted({*range(len(EDGES)), *range(0, rows, max(1, rows // 50_000))})
    apart = sum(ours.values[row] != function.answer([pay[row]]).value for row in sample)
    wrong = (ours.values != theirs).sum()
    lines = [
        f"{rows:,} rows of {NAME}; compared with `exact` on {len(sample):,} rows, every band and edge among them",
        "",
        "| program | time, qdcalc = 1 | rows apart from the exact 分 |",
        "|---|---|---|",
        f"| qdcalc columns (whole 分, inputs checked, failures listed) | 1 | {apart} of {len(sample):,} compared |",
        f"| Polars Decimal(38,2), unchecked | {others / seconds:.2f} | {wrong:,} of {rows:,} (against qdcalc) |",
        "",
        f"failures: {ours.failures.height}",
    ]
    tell_and_check(lines, apart)


def tell_and_check(lines: list[str], apart: int) -> None:
    from bench.measure import tell

    tell("columns", "Ten million rows", lines)
    if apart:
        sys.exit(f"{apart} rows differ from exact")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
