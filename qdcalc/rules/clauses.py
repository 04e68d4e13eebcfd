"""Clauses that several documents share word for word in effect; policies take them from here, so each is written once."""

from __future__ import annotations

from typing import Annotated

from qdcalc.rules.expression import Number, Text
from qdcalc.rules.language import choose, larger, nothing, text, warn
from qdcalc.rules.types import Choice

PickMode = Annotated[Text, Choice(("择高", "补差"))]
HIGHER = text("择高")


def pick_higher(own: Number, other: Number, mode: Text) -> Number:
    """What this policy pays when another also applies (D2 第九条（一）, D4 二（二）; provisions G6).

    择高: the whole amount where it is not the lower one, else nothing. 补差: what it exceeds the other by.
    """
    warn((mode == "择高") & (own == other) & (own > 0), "两项金额相等：按本政策支付，另一项不再享受")
    warn((mode == "择高") & (own > other) & (other > 0), "本政策金额较高：须放弃另一项，不重复享受")
    return choose(
        (mode == "补差", larger(0, own - other)),
        (own >= other, own),
        otherwise=nothing("另一项政策金额较高：就高享受另一项，本政策不再支付"),
    )
