"""A harvest as JSON and back: what a worker sends and a later run finds again."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from qdcalc.merge.harvest import Claimed, Harvest, Record, Trouble


def pack(found: Harvest) -> dict[str, Any]:
    data = asdict(found)
    data["claims"] = [{**claim, "amount": str(claim["amount"])} for claim in data["claims"]]
    return data


def unpack(data: dict[str, Any]) -> Harvest:
    """Raises KeyError, TypeError or ValueError for anything that `pack` did not make."""
    return Harvest(
        path=str(data["path"]),
        policy=str(data["policy"]),
        title=str(data["title"]),
        version=str(data["version"]),
        edition=str(data["edition"]),
        heads={key: tuple(titles) for key, titles in data["heads"].items()},
        units={key: tuple(units) for key, units in data["units"].items()},
        names=dict(data["names"]),
        records={
            key: tuple(Record(item["sheet"], int(item["row"]), tuple(item["cells"])) for item in items)
            for key, items in data["records"].items()
        },
        claims=tuple(Claimed(**{**item, "amount": Decimal(item["amount"])}) for item in data["claims"]),
        left_out=int(data["left_out"]),
        troubles=tuple(Trouble(**item) for item in data["troubles"]),
    )
