"""Writes the engine's formula from the tree of the file's.

It differs from the file's where the engine differs from Excel:

- calls of provisions get a tag first, the number of their cell, so that an error can be told with its place;
  an omitted argument becomes the text MISSING, because the engine would hand over 0;
- defined names and structured references become plain references;
- a range where a single value belongs is intersected (@), which is what an ordinary formula means by it;
- comparisons and joined texts go through QDC_CMP and QDC_STR, which know Excel's 15 digits; where digits cannot matter
  the engine compares by itself: a cell with 0, unless a sum may have left something there, a count with a whole number;
- INT, FLOOR, CEILING and MOD go through QDC_WHOLE, which knows the signs and digits of Excel (rounding.py);
- a conditional sum gets the error of a cell that it adds, and SUMPRODUCT only the numbers of a range (ranges.py);
- an array formula goes through QDC_FIT, which gives its result the size that the file has for it.

What the engine cannot do as Excel does raises FormulaError.
"""

from __future__ import annotations

from qdcalc.recalc import calls, ranges, refusals, shapes
from qdcalc.recalc.ranges import number_to_excel
from qdcalc.recalc.reads import Reads
from qdcalc.recalc.shapes import Items
from qdcalc.recalc.tokens import (
    Call,
    Expression,
    FormulaError,
    Group,
    Operand,
    Operator,
    reference,
    row_places,
)
from qdcalc.recalc.vocabulary import Vocabulary, area_text, engine_knows, inlined
from qdcalc.recalc.xmltext import column_letters
from qdcalc.rules.arguments import AnyType
from qdcalc.rules.function import Function

MISSING = "\uf8ff未填\uf8ff"
"""Stands for an omitted argument; the private character keeps any real text apart."""
COMPARE, JOIN, FIT, WHOLE, DOUBT = "QDC_CMP", "QDC_STR", "QDC_FIT", "QDC_WHOLE", "QDC_DOUBT"
ROW, TAG, TAG_ARRAY = -1, -2, -3
"""codes in Lowering.out for what differs from cell to cell; from 0 on: a row number of the formula"""

TINY = "1E-6"
"""from where on a number is not what a sum of others leaves behind; no amount and no share is smaller"""
_ENGINE_ERRORS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})


class Lowering:
    """Writes the engine's text while walking the tree. `out` holds text (with % doubled) and codes.

    How an operand is taken (see calls.place): V, S one value; R a range; A elementwise; Q an argument of a provision,
    which takes a range elementwise by itself. `array`: everything is computed elementwise. `loose`: a value inside a
    range argument, where programs disagree on what a range means in an ordinary formula. Methods return whether the
    result is an array.
    """

    def __init__(self, vocabulary: Vocabulary, places: dict[int, int], array: bool) -> None:
        self.vocabulary = vocabulary
        self.places = places
        self.array_cell = array
        self.out: list[str | int] = []
        self.changed = False
        self.depth = 0
        self.local: list[str] = []  # names given by LET
        self.clip = False  # whole columns may end with the last row that holds anything
        self._sizes = ranges.Sizes(vocabulary)
        self.within: tuple[int, int] | None = None  # rows of the table that "this row" means

    def formula(self, tree: Expression, sheet: int) -> None:
        if not tree.operands:
            raise FormulaError("公式是空的")
        if not self.array_cell:
            self.expression(tree, sheet, "V", array=False, loose=False)
            return
        self._lowered(FIT + "(", TAG_ARRAY, ",")
        self.expression(tree, sheet, "V", array=True, loose=False)
        self._write(")")

    def _write(self, text: str) -> None:
        self.out.append(text.replace("%", "%%"))

    def _lowered(self, *parts: str | int) -> None:
        self.changed = True
        for part in parts:
            if isinstance(part, str):
                self._write(part)
            else:
                self.out.append(part)

    # ------------------------------------------------------------------ operators
    def expression(self, tree: Expression, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        sides, comparisons = shapes.cut(tree.items, lambda operator: operator.kind == "comparison")
        if not comparisons:
            return self._joined(sides[0], sheet, place, array=array, loose=loose)
        loose = loose or place in "RQ"
        ordered = any(operator.text not in ("=", "<>") for operator in comparisons)
        wrapped = (ordered or not any(shapes.is_text(side) for side in sides)) and not shapes.is_counted(sides)
        tag = TAG_ARRAY if array else TAG
        if wrapped and not array and len(comparisons) == 1 and shapes.is_zero(sides[1]) and shapes.is_cell(sides[0]):
            # no number but 0 is 0 to 15 digits, and the engine orders texts and flags after numbers as Excel does: it is right
            # without the callback, which costs ten times as much
            wrapped = self._may_be_tiny(sides[0], sheet)
            if wrapped:
                sign = comparisons[0].text
                pieces: tuple[tuple[str | int, ...], ...] = (
                    ("IF(ABS(N(",),
                    (f"))>{TINY},",),
                    (f"{sign}0,{COMPARE}(", TAG, f',"{sign}",'),
                )
                for piece in pieces:
                    self._lowered(*piece)
                    self._joined(sides[0], sheet, "V", array=array, loose=loose)
                self._write(",0))")
                return False
        if wrapped:
            for operator in reversed(comparisons):
                self._lowered(COMPARE + "(", tag, f',"{operator.text}",')
        result = False
        for number, side in enumerate(sides):
            if number:
                self._write("," if wrapped else comparisons[number - 1].text)
            result |= self._joined(side, sheet, "V", array=array, loose=loose)
            if number and wrapped:
                self._write(")")
        return result

    def _may_be_tiny(self, items: Items, sheet: int) -> bool:
        """Whether a cell may hold what sums leave behind."""
        (cell,) = items
        found = reference(cell.text) if isinstance(cell, Operand) else None
        target = self.vocabulary.sheet(cell.prefix, sheet) if isinstance(cell, Operand) else sheet
        return found is None or (target, found.first_column) in self.vocabulary.subtracting

    def _joined(self, items: Items, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        sides, operators = shapes.cut(items, lambda operator: operator.text == "&")
        if not operators:
            return self._sum(sides[0], sheet, place, array=array, loose=loose)
        loose = loose or place in "RQ"
        result = False
        for number, side in enumerate(sides):
            if number:
                self._write("&")
            result |= self._text(side, sheet, array=array, loose=loose)
        return result

    def _text(self, items: Items, sheet: int, *, array: bool, loose: bool) -> bool:
        """A value that is read as text: the engine would write 17 digits of a number."""
        wrapped = not shapes.is_text(items)
        if wrapped:
            self._lowered(JOIN + "(", TAG_ARRAY if array else TAG, ",")
        result = self._sum(items, sheet, "V", array=array, loose=loose)
        if wrapped:
            self._write(")")
        return result

    def _sum(self, items: Items, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        """Operands with arithmetic between them, or one operand."""
        operands = [item for item in items if not isinstance(item, Operator)]
        operators = [item for item in items if isinstance(item, Operator) and item.kind != "space"]
        shapes.check_spaces(items)
        if not operands:
            raise FormulaError("公式缺少运算数")
        signs = {operator.text for operator in operators}
        if ":" in signs:
            return self._composed(items, sheet, place, signs)
        if signs & {"@", "#"}:
            raise FormulaError(f"运算符 {'、'.join(sorted(signs & {'@', '#'}))} 的用法无法识别")
        if operators:
            loose = loose or place in "RQ"
            place = "V"
            for one in operands:
                if isinstance(one, Operand) and one.kind == "string" and number_to_excel(one.text[1:-1]):
                    raise FormulaError(f"引擎不认识写成文本的数 {one.text}")
        result = False
        for item in items:
            if isinstance(item, Operator):
                self._write(item.text)
            else:
                result |= self._operand(item, sheet, place, array=array, loose=loose)
        return result

    def _composed(self, items: Items, sheet: int, place: str, signs: set[str]) -> bool:
        """A1:INDEX(A:A,n)."""
        if signs != {":"} or place not in "RA":
            raise FormulaError("区域运算的用法无法识别")
        for item in items:
            if isinstance(item, Operator):
                self._write(item.text)
            else:
                if isinstance(item, Operand) and item.kind not in ("ref", "name"):
                    raise FormulaError("区域运算的用法无法识别")
                self._operand(item, sheet, "R", array=False, loose=False)
        return place == "A"

    # ------------------------------------------------------------------ operands
    def _operand(self, item: Operand | Call | Group, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        if isinstance(item, Call):
            return self._call(item, sheet, place, array=array, loose=loose)
        if isinstance(item, Group):
            if len(item.parts) != 1 or not item.parts[0].operands:
                raise FormulaError("联合引用（多个区域）")
            self._write("(")
            result = self.expression(item.parts[0], sheet, place, array=array, loose=loose)
            self._write(")")
            return result
        if item.kind == "ref":
            return self._reference(item, sheet, place, array=array, loose=loose)
        if item.kind == "structured":
            return self._structured(item, place, array=array, loose=loose)
        if item.kind == "name":
            return self._name(item, sheet, place, array=array, loose=loose)
        if item.kind == "error" and item.text not in _ENGINE_ERRORS:
            raise FormulaError(f"引擎没有错误值 {item.text}")
        self._write(item.text)
        return item.kind == "array" and place not in "R"

    def _several(self, place: str, array: bool, loose: bool) -> bool:
        """A range of several cells is about to be written: intersect it where one value belongs."""
        if place in "RQA":
            return place == "A" or (place == "Q" and array)
        if array:
            return True
        if loose:
            raise FormulaError("普通公式中的数组运算，各软件理解不一")
        self._lowered("@")
        return False

    def _reference(self, item: Operand, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        found = reference(item.text)
        if found is None:
            raise FormulaError(f"名称“{item.text}”未定义")
        target = self.vocabulary.sheet(item.prefix, sheet)
        result = self._several(place, array, loose) if found.kind != "cell" else False
        if self.clip and found.kind == "columns" and place == "R" and self.vocabulary.last_row:
            left, right = column_letters(found.first_column), column_letters(found.last_column)
            self._lowered(f"{self.vocabulary.quoted(target)}${left}$1:${right}${self.vocabulary.last_row}")
            return result
        if self.depth:  # inside a name every reference has its sheet
            self._write(self.vocabulary.quoted(target) + item.text)
            return result
        if item.prefix and not item.prefix.startswith("'") and not item.prefix[:-1].replace(".", "").isalnum():
            self._lowered(self.vocabulary.quoted(target))
        else:
            self._write(item.prefix)
        position = item.start
        text = item.text
        for start, end in row_places(text):
            number = self.places.get(item.start + start)
            if number is not None:
                self._write(text[position - item.start : start])
                self.out.append(number)
                position = item.start + end
        self._write(text[position - item.start :])
        return result

    def _structured(self, item: Operand, place: str, *, array: bool, loose: bool) -> bool:
        if item.prefix:
            raise FormulaError("引用了其他工作簿")
        sheet, area, this_row = self.vocabulary.structured(item.text)
        several = area.first_column != area.last_column or (not this_row and area.first_row != area.last_row)
        result = self._several(place, array, loose) if several else False
        prefix = self.vocabulary.quoted(sheet)
        if not this_row:
            self._lowered(prefix + area_text(area))
            return result
        self.within = area.first_row, area.last_row
        self._lowered(f"{prefix}${column_letters(area.first_column)}$", ROW)
        if area.first_column != area.last_column:
            self._lowered(f":${column_letters(area.last_column)}$", ROW)
        return result

    def _name(self, item: Operand, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        word = item.text.casefold()
        if not item.prefix and (word in self.local or word in ("true", "false")):
            self._write(item.text)
            return False
        if not item.prefix and self.vocabulary.table(item.text) is not None:
            whole = Operand("structured", item.text + "[]", "", item.start)
            return self._structured(whole, place, array=array, loose=loose)
        tree = inlined(self.vocabulary, item.text, self.vocabulary.sheet(item.prefix, sheet), self.depth)
        if tree is None:
            raise FormulaError(f"名称“{item.text}”未定义")
        self.changed = True
        self.depth += 1
        plain = len(tree.items) == 1 and isinstance(tree.items[0], Operand)
        self._write("" if plain else "(")
        result = self.expression(tree, sheet, place, array=array, loose=loose)
        self._write("" if plain else ")")
        self.depth -= 1
        return result

    # ------------------------------------------------------------------ calls
    def _call(self, item: Call, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        name = calls.bare_name(item.name)
        function = self.vocabulary.functions.get(name)
        if function is not None:
            return self._provision(item, function, sheet, place, array=array, loose=loose)
        if item.prefix:
            raise FormulaError(f"函数 {item.prefix}{item.name} 属于其他工作簿或加载项")
        if name in ("SINGLE", "ANCHORARRAY") and len(item.arguments) == 1:
            return self._marked(name, item.arguments[0], sheet, place, array=array, loose=loose)
        reason = calls.unable(name, self.vocabulary.date1904)
        if reason is not None:
            raise FormulaError(f"函数 {name}：{reason}")
        if not engine_knows(item.name):
            raise FormulaError(f"没有函数 {name}" if name.startswith("QD_") else f"引擎没有函数 {name}")
        if name == "TEXT" and not shapes.known_format(item):
            raise FormulaError("函数 TEXT：引擎不支持这种格式")
        if name in ("SUBTOTAL", "AGGREGATE") and self._sees_hidden(item, sheet):
            raise FormulaError(f"函数 {name}：工作表有隐藏或筛选掉的行，引擎会把它们算在内")
        several = name in calls.GIVES_RANGE or name in calls.GIVES_ARRAY or shapes.whole_index(name, item)
        result = self._several(place, array, loose) if several and place != "P" else False
        if name in calls.WHOLE:
            return self._whole(item, name, sheet, array=array, loose=loose) or result
        refusals.check(item, name)
        guards = 0
        if name in calls.CONDITIONAL:
            guards = self._guards(item, name, sheet, place, array=array, loose=loose)
        self._write(item.name + "(")
        elementwise = self._arguments(item, name, sheet, place, array=array, loose=loose)
        self._write(")")
        if name in calls.PASSES_ERRORS_OVER:  # MAXIFS gives the error of a cell; what it gives else counts nothing
            self._lowered("+0*MAXIFS(")
            self._arguments(ranges.seeing_errors(item, name), "MAXIFS", sheet, place, array=array, loose=loose)
            self._write("))")
        if guards:
            self._lowered(f",{DOUBT}(", TAG, "))")
        if elementwise and name not in calls.ELEMENTWISE:
            raise FormulaError(f"函数 {name} 的数组运算")
        return result or elementwise

    def _guards(self, item: Call, name: str, sheet: int, place: str, *, array: bool, loose: bool) -> int:
        """Writes what goes before a conditional function; tells how many sizes are compared when it runs."""
        for criterion in ranges.criteria_of(name, item.arguments):
            ranges.check_criterion(name, criterion)
        sizes = [self._sizes.of(argument, sheet, self.depth) for argument in ranges.ranges_of(name, item.arguments)]
        pairs = ranges.unlike(name, item.arguments, sizes)
        if pairs:
            self._lowered("IF(AND(")
            for number, (one, two) in enumerate(pairs):
                for function in ("ROWS", "COLUMNS"):
                    self._write("," if number or function == "COLUMNS" else "")
                    for sign, argument in (("", one), ("=", two)):
                        self._write(f"{sign}{function}(")
                        self.expression(argument, sheet, "R", array=array, loose=loose)
                        self._write(")")
            self._write("),")
        if name in calls.PASSES_ERRORS_OVER:
            self._lowered("(")
        return len(pairs)

    def _whole(self, item: Call, name: str, sheet: int, *, array: bool, loose: bool) -> bool:
        if len(item.arguments) != calls.WHOLE[name]:
            raise FormulaError(f"函数 {name}：参数个数不对")
        self._lowered(WHOLE + "(", TAG, f',"{name}",')
        if self._arguments(item, name, sheet, "V", array=array, loose=loose):
            raise FormulaError(f"函数 {name} 的数组运算")
        self._write(")")
        return False

    def _sees_hidden(self, item: Call, sheet: int) -> bool:
        reads = Reads(self.vocabulary, {}, [])
        for argument in item.arguments:
            reads.expression(argument, sheet, self.depth)
        return any(read.sheet in self.vocabulary.hidden for read in reads.found)

    def _arguments(self, item: Call, name: str, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        """Writes the arguments; tells whether one that should be a single value is an array."""
        elementwise = False
        known = len(self.local)
        for number, argument in enumerate(item.arguments):
            if number:
                self._write(",")
            if not argument.operands:
                if argument.operators:
                    raise FormulaError("公式缺少运算数")
                continue
            taken = calls.place(name, number)
            if name == "LET" and number % 2 == 0 and number + 1 < len(item.arguments):
                word = argument.operands[0]
                if not isinstance(word, Operand) or word.kind != "name" or len(argument.operands) != 1:
                    raise FormulaError("LET 的名称不对")
                self.local.append(word.text.casefold())
                self._write(word.text)
                continue
            inner = array or taken == "A"
            if taken == "P":
                taken = place if place in "RA" else "V"
            if name == "SUMPRODUCT" and not ranges.numeric(argument):
                self._numbers(argument, sheet, loose=loose or place == "R")
                continue
            if taken == "R" and name in calls.JOINS_NUMBERS:
                self._lowered(JOIN + "(", TAG_ARRAY, ",")
                self.expression(argument, sheet, taken, array=inner, loose=loose or place == "R")
                self._write(")")
                continue
            if (
                name in calls.CONDITIONAL
                and taken == "V"
                and not inner
                and argument.operators
                and ranges.numeric(argument)
            ):
                self._lowered(WHOLE + "(", TAG, ',"",')  # programs disagree on what a criterion 0.1+0.2 meets
                elementwise |= self.expression(argument, sheet, taken, array=inner, loose=loose or place == "R")
                self._write(")")
                continue
            if taken == "S":
                found = self._as_text(argument, sheet, array=inner, loose=loose or place == "R")
            else:
                outside, self.clip = self.clip, name in calls.CLIPPED and len(argument.items) == 1
                found = self.expression(argument, sheet, taken, array=inner, loose=loose or place == "R")
                self.clip = outside
            if name in ("ROW", "COLUMN") and array and shapes.is_several(argument):
                raise FormulaError(f"函数 {name} 的数组运算")
            elementwise |= found and taken in "VS"
        del self.local[known:]
        return elementwise

    def _numbers(self, argument: Expression, sheet: int, *, loose: bool) -> None:
        """What SUMPRODUCT counts of an argument: the numbers, which are before any text, and 0 for all else."""
        if ranges.numeric(argument) is False:
            raise FormulaError("函数 SUMPRODUCT：比较的结果和文本在其中按0计，应写成 --(…)")
        self._lowered("IF(")
        self.expression(argument, sheet, "A", array=True, loose=loose)
        self._write('<"",')
        self.expression(argument, sheet, "A", array=True, loose=loose)
        self._write(",0)")

    def _as_text(self, argument: Expression, sheet: int, *, array: bool, loose: bool) -> bool:
        if any(operator.kind == "comparison" or operator.text == "&" for operator in argument.operators):
            return self.expression(argument, sheet, "V", array=array, loose=loose)
        return self._text(argument.items, sheet, array=array, loose=loose)

    def _provision(self, item: Call, function: Function, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        whole = array or place in "RA"
        self._lowered(f"{function.name}(", TAG_ARRAY if whole else TAG)
        parameters = function.parameters
        result = False
        for number, argument in enumerate(item.arguments):
            self._write(",")
            if not argument.operands:
                self._write(f'"{MISSING}"')
                continue
            parameter = parameters[min(number, len(parameters) - 1)] if parameters else None
            ranges = parameter is not None and (parameter.many or isinstance(parameter.type, AnyType))
            inner = "R" if ranges else "Q"
            result |= self.expression(argument, sheet, inner, array=array, loose=False)
        self._write(")")
        return result

    def _marked(self, name: str, argument: Expression, sheet: int, place: str, *, array: bool, loose: bool) -> bool:
        """_xlfn.SINGLE(x) is @x, _xlfn.ANCHORARRAY(A1) is A1#."""
        if name == "SINGLE":
            self._lowered("@")
            self.expression(argument, sheet, "R", array=False, loose=False)
            return False
        cell = argument.operands[0] if len(argument.items) == 1 else None
        found = reference(cell.text) if isinstance(cell, Operand) and cell.kind == "ref" else None
        if not isinstance(cell, Operand) or found is None or found.kind != "cell":
            raise FormulaError("溢出引用（A1#）的用法无法识别")
        target = self.vocabulary.sheet(cell.prefix, sheet)
        area = self.vocabulary.anchors.get((target, found.first_row, found.first_column))
        if area is None:
            raise FormulaError("溢出引用（A1#）所指的单元格没有数组公式")
        result = self._several(place, array, loose) if area.size > 1 else False
        self._lowered(self.vocabulary.quoted(target) + area_text(area))
        return result
