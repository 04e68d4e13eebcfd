"""A VBA module that enters the formulas of a workbook from another host again, in Excel's spelling.

Excel binds a name when a formula is entered: a file that was saved by LibreOffice or Office.js, or without the add-in,
shows #NAME? until then. The text is ASCII, since an imported module is read in the code page of the PC; Chinese
messages are put together from character codes. `Respelled` and what it calls are plain Basic, and are run by the tests
in LibreOffice; the rest was not run in a real Excel here.
"""

from __future__ import annotations

from qdcalc.policies import functions

FILE = "qdcalc_reenter.bas"
PER_LINE = 4

_HEAD = """Attribute VB_Name = "QdcalcReenter"
Option Explicit

' Written by python -m qdcalc.hosts.excel; do not edit by hand. Not run in a real Excel.
' QdcalcReenter maps the names that other programs save (_xldudf_QD_X, _xll.QD_X, _xludf.QD_X, QD.X, a linked add-in
' file) to QD_X in all cells and defined names of the active workbook, and enters these formulas again.
"""

_SUBS = """
Public Sub QdcalcReenter()
    Dim book As Workbook, sheet As Worksheet, defined As Name
    Dim done As Long, failed As Long, locked As Long, mode As Long, text As String
    Set book = ActiveWorkbook
    If book Is Nothing Then Exit Sub
    mode = Application.Calculation
    Application.Calculation = xlCalculationManual
    Application.ScreenUpdating = False
    For Each defined In book.Names
        text = Respelled(defined.RefersTo)
        If text <> defined.RefersTo Then
            On Error Resume Next
            Err.Clear
            defined.RefersTo = text
            If Err.Number = 0 Then done = done + 1 Else failed = failed + 1
            On Error GoTo 0
        End If
    Next defined
    For Each sheet In book.Worksheets
        ReenterSheet sheet, done, failed, locked
    Next sheet
    Application.ScreenUpdating = True
    Application.Calculation = mode
    Application.Calculate
    MsgBox {done} & done & {failed} & failed & {locked} & locked & {end}, vbInformation, "qdcalc"
End Sub

Private Sub ReenterSheet(sheet As Worksheet, done As Long, failed As Long, locked As Long)
    Dim cell As Range, formulas As Range, kept As Variant, text As String
    On Error Resume Next
    Set formulas = sheet.UsedRange.SpecialCells(xlCellTypeFormulas)
    On Error GoTo 0
    If formulas Is Nothing Then Exit Sub
    If sheet.ProtectContents Then
        kept = Allowed(sheet)
        On Error Resume Next
        sheet.Unprotect ""
        On Error GoTo 0
        If sheet.ProtectContents Then
            locked = locked + 1
            Exit Sub
        End If
    End If
    For Each cell In formulas.Cells
        If InStr(1, cell.Formula, "QD", vbTextCompare) > 0 Then
            text = Respelled(cell.Formula)
            On Error Resume Next
            Err.Clear
            If Not cell.HasArray Then
                cell.Formula = text
            ElseIf cell.Address = cell.CurrentArray.Cells(1, 1).Address Then
                cell.CurrentArray.FormulaArray = text
            End If
            If Err.Number = 0 Then done = done + 1 Else failed = failed + 1
            On Error GoTo 0
        End If
    Next cell
    If Not IsEmpty(kept) Then
        sheet.Protect Password:="", DrawingObjects:=kept(0), Contents:=True, Scenarios:=kept(1), _
            AllowFormattingCells:=kept(2), AllowFormattingColumns:=kept(3), AllowFormattingRows:=kept(4), _
            AllowInsertingColumns:=kept(5), AllowInsertingRows:=kept(6), AllowInsertingHyperlinks:=kept(7), _
            AllowDeletingColumns:=kept(8), AllowDeletingRows:=kept(9), AllowSorting:=kept(10), _
            AllowFiltering:=kept(11), AllowUsingPivotTables:=kept(12)
    End If
End Sub

Private Function Allowed(sheet As Worksheet) As Variant
    With sheet.Protection
        Allowed = Array(sheet.ProtectDrawingObjects, sheet.ProtectScenarios, .AllowFormattingCells, _
            .AllowFormattingColumns, .AllowFormattingRows, .AllowInsertingColumns, .AllowInsertingRows, _
            .AllowInsertingHyperlinks, .AllowDeletingColumns, .AllowDeletingRows, .AllowSorting, .AllowFiltering, _
            .AllowUsingPivotTables)
    End With
End Function
"""

_RESPELLED = """
Public Function Respelled(ByVal text As String) As String
    ' The formula with every known name in Excel's spelling. Strings and the names of sheets are passed over.
    Dim found As String, word As String, held As String, sign As String, at As Long, last As Long
    at = 1
    Do While at <= Len(text)
        sign = Mid(text, at, 1)
        If sign = Chr(34) Or sign = "'" Then
            last = QuoteEnd(text, at)
            held = Mid(text, at, last - at + 1)
            at = last + 1
            If sign = "'" And Mid(text, at, 1) = "!" Then
                at = at + 1
                word = WordAt(text, at)
                If Known(word, text, at + Len(word)) Then
                    held = Bare(word)
                    at = at + Len(word)
                Else
                    held = held & "!"
                End If
            End If
            found = found & held
        ElseIf sign = "[" Then
            last = BracketEnd(text, at)
            held = Mid(text, at, last - at + 1)
            at = last + 1
            If Mid(text, at, 1) = "!" Then
                word = WordAt(text, at + 1)
                If Known(word, text, at + 1 + Len(word)) Then
                    held = Bare(word)
                    at = at + 1 + Len(word)
                End If
            End If
            found = found & held
        Else
            word = WordAt(text, at)
            If Len(word) = 0 Then
                found = found & sign
                at = at + 1
            Else
                at = at + Len(word)
                If Known(word, text, at) Then word = Bare(word)
                found = found & word
            End If
        End If
    Loop
    Respelled = found
End Function

Private Function QuoteEnd(ByVal text As String, ByVal at As Long) As Long
    QuoteEnd = InStr(at + 1, text, Mid(text, at, 1))
    If QuoteEnd = 0 Then QuoteEnd = Len(text)
End Function

Private Function BracketEnd(ByVal text As String, ByVal at As Long) As Long
    Dim depth As Long
    For BracketEnd = at To Len(text)
        If Mid(text, BracketEnd, 1) = "[" Then depth = depth + 1
        If Mid(text, BracketEnd, 1) = "]" Then depth = depth - 1
        If depth = 0 Then Exit Function
    Next BracketEnd
    BracketEnd = Len(text)
End Function

Private Function WordAt(ByVal text As String, ByVal at As Long) As String
    Dim last As Long, code As Long
    last = at
    Do While last <= Len(text)
        code = AscW(Mid(text, last, 1))
        If Not ((code >= 48 And code <= 57) Or (code >= 65 And code <= 90) Or (code >= 97 And code <= 122) _
            Or code = 95 Or code = 46 Or code < 0 Or code > 127) Then Exit Do
        last = last + 1
    Loop
    WordAt = Mid(text, at, last - at)
End Function

Private Function Bare(ByVal word As String) As String
    Dim prefix As Variant
    For Each prefix In Array("_xldudf_", "_xludf.", "_xll.")
        If LCase(Left(word, Len(prefix))) = prefix Then word = Mid(word, Len(prefix) + 1)
    Next prefix
    Bare = word
    If UCase(Left(word, 3)) = "QD." Then Bare = Left(word, 2) & "_" & Mid(word, 4)
End Function

Private Function Known(ByVal word As String, ByVal text As String, ByVal after As Long) As Boolean
    Known = Left(LTrim(Mid(text, after)), 1) = "(" And InStr(Names(), "," & UCase(Bare(word)) & ",") > 0
End Function
"""


def render() -> str:
    """The module's text, with the line ends that VBA expects."""
    text = _HEAD + _SUBS
    for key, words in _WORDS.items():
        text = text.replace("{" + key + "}", _spoken(words))
    text += _RESPELLED + _names()
    assert text.isascii()
    return text.replace("\n", "\r\n")


_WORDS = {
    "done": "已重新录入公式和名称 ",
    "failed": " 个，未能录入 ",
    "locked": " 个，有密码保护而跳过的工作表 ",
    "end": " 张。",
}


def _spoken(words: str) -> str:
    """A Chinese text as VBA can read it in any code page."""
    found: list[str] = []
    plain = ""
    for sign in words:
        if sign.isascii():
            plain += sign
            continue
        if plain:
            found.append(f'"{plain}"')
            plain = ""
        found.append(f"ChrW({_signed(ord(sign))})")
    if plain:
        found.append(f'"{plain}"')
    return " & ".join(found)


def _signed(code: int) -> int:
    return code - 65536 if code > 32767 else code


def _names() -> str:
    names = list(functions())
    rows = [",".join(names[start : start + PER_LINE]) for start in range(0, len(names), PER_LINE)]
    lines = ["", "Private Function Names() As String", '    Names = ","']
    lines += [f'    Names = Names & "{row},"' for row in rows]
    return "\n".join([*lines, "End Function", ""])
