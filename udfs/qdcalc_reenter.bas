Attribute VB_Name = "QdcalcReenter"
Option Explicit

' Written by python -m qdcalc.hosts.excel; do not edit by hand. Not run in a real Excel.
' QdcalcReenter maps the names that other programs save (_xldudf_QD_X, _xll.QD_X, _xludf.QD_X, QD.X, a linked add-in
' file) to QD_X in all cells and defined names of the active workbook, and enters these formulas again.

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
    MsgBox ChrW(24050) & ChrW(-28211) & ChrW(26032) & ChrW(24405) & ChrW(20837) & ChrW(20844) & ChrW(24335) & ChrW(21644) & ChrW(21517) & ChrW(31216) & " " & done & " " & ChrW(20010) & ChrW(-244) & ChrW(26410) & ChrW(-32515) & ChrW(24405) & ChrW(20837) & " " & failed & " " & ChrW(20010) & ChrW(-244) & ChrW(26377) & ChrW(23494) & ChrW(30721) & ChrW(20445) & ChrW(25252) & ChrW(-32756) & ChrW(-29197) & ChrW(-28729) & ChrW(30340) & ChrW(24037) & ChrW(20316) & ChrW(-30616) & " " & locked & " " & ChrW(24352) & ChrW(12290), vbInformation, "qdcalc"
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

Private Function Names() As String
    Names = ","
    Names = Names & "QD_TARGET,QD_TARGET_CHECK,QD_TARGET_PROGRESS,QD_TARGET_PATH,"
    Names = Names & "QD_PICK_HIGHER,QD_FISCAL_SPLIT,QD_ALLOCATE,QD_POLICY_INFO,"
    Names = Names & "QD_POLICY_IN_FORCE,QD_CITE,QD_EXPLAIN,QD_NOTICE,"
    Names = Names & "QD_DELEGATION_ITEM,QD_DELEGATION_FIND,QD_DELEGATION_COUNT,QD_DELEGATION_CHECK,"
    Names = Names & "QD_DELEGATION_DEADLINE,QD_DELEGATION_OVERDUE,QD_TALENT_RATE,QD_TALENT_SUBSIDY,"
    Names = Names & "QD_TALENT_NET,QD_TALENT_ELIGIBLE,QD_STAR_ALLOWANCE,QD_STAR_PAYABLE,"
    Names = Names & "QD_STAR_ELIGIBLE,QD_STAR_TRAINING,QD_FIN_SETUP,QD_FIN_WINDOW,"
    Names = Names & "QD_FIN_INCREASE,QD_FIN_REGIONAL,QD_FIN_PRIZE,QD_FIN_PRIZE_BEST,"
    Names = Names & "QD_FIN_LISTING,QD_FIN_NEEQ,QD_FIN_REGIONAL_MARKET,QD_FIN_CLAWBACK,"
    Names = Names & "QD_ROAD_RATE,QD_ROAD_STANDARD,QD_ROAD_CEILING,QD_ROAD_SUBSIDY,"
    Names = Names & "QD_ROAD_CAPPED,QD_ROAD_BRIDGE,QD_ROAD_EXCESS_STANDARD,QD_ROAD_EXCESS,"
    Names = Names & "QD_ROAD_EXCESS_CAPPED,QD_ROAD_STATIONS,QD_ROAD_DEMO,QD_ROAD_MINOR_FLOOR,"
    Names = Names & "QD_ROAD_LAND_FUND,QD_ROAD_LAND_CHECK,QD_ROAD_TASK,QD_ROAD_TASK_PROGRESS,"
    Names = Names & "QD_ROAD_PAVEMENT,QD_WASTE_CLEANERS,QD_WASTE_COVERAGE,QD_WASTE_INSPECTIONS,"
    Names = Names & "QD_WASTE_STREAM,QD_SCI_FIRST_INVEST,QD_SCI_TESTING,QD_SCI_BANK,"
    Names = Names & "QD_SCI_PATENT,QD_SCI_TEAM,QD_SCI_IP_SERVICE,QD_SCI_SECTOR,"
    Names = Names & "QD_SCI_INDICATOR,QD_SCI_DIRECTORY,QD_ENERGY_INTENSITY,QD_ENERGY_DROP,"
    Names = Names & "QD_ENERGY_PROGRESS,QD_ENERGY_REQUIRED,QD_ENERGY_GOAL,QD_ENERGY_ASSESSED,"
    Names = Names & "QD_ENERGY_DUAL_CONTROL,QD_ENERGY_MIX,QD_ENERGY_CHARGERS,QD_ENERGY_GREEN_BUY,"
    Names = Names & "QD_ENERGY_TRAVEL,QD_CHECKLIST,QD_DUTY_DAYS,QD_DUTY_CHECK,"
    Names = Names & "QD_DUTY_QUOTA,"
End Function
