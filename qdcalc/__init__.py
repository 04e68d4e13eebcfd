"""青岛市政策条款的计算: the public face. Importing it loads nothing heavy; each function loads what it needs.

    qdcalc.call("QD_TALENT_SUBSIDY", 650000)              Decimal('65000.00')
    qdcalc.explain("QD_TALENT_SUBSIDY", 650000)           the working, with articles; str() is the Chinese text
    qdcalc.columns("QD_TALENT_SUBSIDY", {"pay": series})  many rows at once
    qdcalc.recalc("in.xlsx", "out.xlsx")                  a workbook with fresh values
    qdcalc.functions(), qdcalc.policies()                 what there is

Numbers are int, float or Decimal: a number given as text is an error, as it is in a cell. Errors: see qdcalc.errors.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from qdcalc.errors import (
    CalculationError,
    EncryptedFile,
    FileError,
    InvalidValue,
    MissingValue,
    NotAWorkbook,
    NotInForce,
    OutOfRange,
    PolicyError,
    QdcalcError,
    TracingError,
    UnknownFunction,
    UnknownName,
    UnsafeFile,
    UnsupportedFile,
    UsageError,
    VerificationError,
    WrongPassword,
)

if TYPE_CHECKING:
    from pathlib import Path

    from qdcalc.recalc.batch import Progress
    from qdcalc.recalc.report import Report
    from qdcalc.rules.columns import Columns
    from qdcalc.rules.figures import Policy
    from qdcalc.rules.function import Function
    from qdcalc.rules.wording import Explanation

__version__ = "0.1.0"

__all__ = [
    "CalculationError", "EncryptedFile", "FileError", "InvalidValue", "MissingValue", "NotAWorkbook", "NotInForce",
    "OutOfRange", "PolicyError", "QdcalcError", "TracingError", "UnknownFunction", "UnknownName", "UnsafeFile",
    "UnsupportedFile", "UsageError", "VerificationError", "WrongPassword", "call", "columns", "explain", "functions", "policies",
    "recalc",
]  # fmt: skip


def call(
    name: str,
    *args: object,
    figures: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
    **named: object,
) -> Any:
    """The result of one function: Decimal, str, bool, datetime.date, or a list of rows.

    Arguments by position or by name (Python or Chinese); None is a blank. `figures` replaces figures of the law for
    this call, {"cap": 250000, "rates[大修,6米及以上,平度、莱西]": 950000}; `readings` takes other readings of the text,
    {"method": "超额累进"}.
    Raises CalculationError where the call has no answer, UsageError where it is wrong in itself.
    """
    from qdcalc.policies import find
    from qdcalc.rules.trial import told, trial_policy, trial_readings

    function = find(name)
    policy, chosen = trial_policy(function, figures), trial_readings(function, readings)
    values = function.values(_cells(function, args, named))
    with told():
        return function.compute(values, policy, chosen)


def explain(
    name: str,
    *args: object,
    figures: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
    **named: object,
) -> Explanation:
    """The working of one call; arguments and errors as in `call`."""
    from qdcalc.policies import find
    from qdcalc.rules import wording

    function = find(name)
    return wording.explain(function, _cells(function, args, named), figures=figures, readings=readings)


def columns(
    name: str,
    cells: Mapping[str, Any],
    *,
    figures: Mapping[str, object] | None = None,
    readings: Mapping[str, str] | None = None,
) -> Columns:
    """A function over whole columns (Polars Series, lists, or one value for all rows), by argument name.

    Failed rows are null in `values` and listed in `failures`. Raises UsageError for a wrong argument and for a function
    that no column can hold.
    """
    from qdcalc.policies import find
    from qdcalc.rules.columns import columns as over_columns
    from qdcalc.rules.trial import told, trial_policy, trial_readings

    function = find(name)
    trial_policy(function, figures)
    with told():
        return over_columns(function, cells, figures=figures, readings=trial_readings(function, readings))


def functions() -> Mapping[str, Function]:
    """Every function by its name."""
    from qdcalc.policies import functions as known

    return known()


def _cells(function: Function, args: Sequence[object], named: Mapping[str, object]) -> list[object]:
    """Arguments by position and by name as one row of cells."""
    cells = list(args)
    if not named:
        return cells
    by_title = {parameter.title: parameter.name for parameter in function.parameters}
    order = [parameter.name for parameter in function.parameters]
    cells += [None] * (len(order) - len(cells))
    for word, value in named.items():
        key = by_title.get(word, word)
        if key not in order:
            raise UsageError(f"{function.name} 没有参数“{word}”，有：{'、'.join(function.titles.values())}")
        if order.index(key) < len(args):
            raise UsageError(f"{function.name} 的参数“{word}”给了两次")
        cells[order.index(key)] = value
    return cells


# qdcalc.policies and qdcalc.recalc are rooms of the house and, as promised above, functions as well. A function of that
# name would vanish as soon as the room is imported (the import system puts the room in its place): so the room can be
# called.


class _Policies(ModuleType):
    __file__: str  # a package that was found in a folder has one

    def __call__(self) -> Mapping[str, Policy]:
        """Every policy by its id."""
        from qdcalc.policies import policies as known

        return known()


class _Recalc(ModuleType):
    def __call__(
        self,
        paths: Iterable[Path | str] | Path | str,
        out: Path | str,
        *,
        all_cells: bool = False,
        workers: int | None = None,
        timeout: float | None = None,
        resume: bool = False,
        progress: Progress | None = None,
        password: str | Sequence[str] | None = None,
        decrypted: bool = False,
    ) -> Report:
        """Recalculates one workbook into the file `out`, or several files and folders into the folder `out`.

        `all_cells` gives every formula a fresh value; `progress` is called after each file with (done, total, its
        report). A file that fails is told in the report; UsageError for inputs that are not there.

        A folder is recalculated by `workers` processes, one a core if left out; each file may take `timeout` seconds
        (300). `resume` takes over what an earlier run into the same folder did and nothing has changed since. A single
        file stays in this process unless `workers` or `timeout` is given. Encrypted workbooks open with one of the
        passwords given, and only if `decrypted` says that the results may lie there without encryption.
        """
        from qdcalc.recalc.batch import recalc as over_files
        from qdcalc.recalc.passwords import Passwords

        general = () if password is None else (password,) if isinstance(password, str) else tuple(password)
        return over_files(
            paths, out, all_cells=all_cells, workers=workers, timeout=timeout, resume=resume, progress=progress,
            passwords=Passwords(general), decrypted=decrypted,
        )  # fmt: skip


_ROOMS: dict[str, type[ModuleType]] = {"policies": _Policies, "recalc": _Recalc}


class _Face(ModuleType):
    def __setattr__(self, name: str, value: object) -> None:
        if name in _ROOMS and isinstance(value, ModuleType):
            value.__class__ = _ROOMS[name]
        super().__setattr__(name, value)

    def __getattr__(self, name: str) -> object:
        if name not in _ROOMS:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        import importlib

        return importlib.import_module(f"{self.__name__}.{name}")


if TYPE_CHECKING:
    policies: _Policies
    recalc: _Recalc
else:
    sys.modules[__name__].__class__ = _Face
