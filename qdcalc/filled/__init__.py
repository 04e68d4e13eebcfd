"""Templates that people have filled in, on their way back: known again, read, checked.

    book = read_book(Path("平度市.xlsx"))
    for sheet in book.sheets: for row in sheet.rows: row.values["km"], row.computed["standard"]
    for problem in book.problems: problem.sheet, problem.cell, problem.sentence

This room stands above recalc (whose safe opening and scanning it reads files with) and workbook (whose plan says what
should be there): see docs/decisions/filled-workbooks-are-read-above-recalc.md.
"""
