Function QD_ALLOCATE(amounts, dates, budget, Optional row)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        QD_ALLOCATE = XLPy.CallUDF("udfs.excel", "QD_ALLOCATE", Array(amounts, dates, budget, row), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        QD_ALLOCATE = XLPy.CallUDF("udfs.excel", "QD_ALLOCATE", Array(amounts, dates, budget, row))
        Exit Function
    #End If
failed:
    QD_ALLOCATE = Err.Description
End Function

Function QD_CITE(function_name)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        QD_CITE = XLPy.CallUDF("udfs.excel", "QD_CITE", Array(function_name), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        QD_CITE = XLPy.CallUDF("udfs.excel", "QD_CITE", Array(function_name))
        Exit Function
    #End If
failed:
    QD_CITE = Err.Description
End Function

Function QD_EXPLAIN(function_name, Optional arg1, Optional arg2, Optional arg3, Optional arg4, Optional arg5, Optional arg6, Optional arg7, Optional arg8, Optional arg9, Optional arg10, Optional arg11, Optional arg12, Optional arg13, Optional arg14, Optional arg15, Optional arg16, Optional arg17, Optional arg18, Optional arg19, Optional arg20)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        QD_EXPLAIN = XLPy.CallUDF("udfs.excel", "QD_EXPLAIN", Array(function_name, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13, arg14, arg15, arg16, arg17, arg18, arg19, arg20), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        QD_EXPLAIN = XLPy.CallUDF("udfs.excel", "QD_EXPLAIN", Array(function_name, arg1, arg2, arg3, arg4, arg5, arg6, arg7, arg8, arg9, arg10, arg11, arg12, arg13, arg14, arg15, arg16, arg17, arg18, arg19, arg20))
        Exit Function
    #End If
failed:
    QD_EXPLAIN = Err.Description
End Function

Function QD_TALENT_ELIGIBLE(lawful, contract_years, taxed_in_qingdao, healthy, post, age, senior_title, fulltime_phd, papers, projects, certificate, Optional selected_before, Optional employer, Optional on_date)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        QD_TALENT_ELIGIBLE = XLPy.CallUDF("udfs.excel", "QD_TALENT_ELIGIBLE", Array(lawful, contract_years, taxed_in_qingdao, healthy, post, age, senior_title, fulltime_phd, papers, projects, certificate, selected_before, employer, on_date), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        QD_TALENT_ELIGIBLE = XLPy.CallUDF("udfs.excel", "QD_TALENT_ELIGIBLE", Array(lawful, contract_years, taxed_in_qingdao, healthy, post, age, senior_title, fulltime_phd, papers, projects, certificate, selected_before, employer, on_date))
        Exit Function
    #End If
failed:
    QD_TALENT_ELIGIBLE = Err.Description
End Function

Function QD_TALENT_SUBSIDY(pay, Optional on_date)
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        QD_TALENT_SUBSIDY = XLPy.CallUDF("udfs.excel", "QD_TALENT_SUBSIDY", Array(pay, on_date), ThisWorkbook, Application.Caller)
        Exit Function
    #Else
        QD_TALENT_SUBSIDY = XLPy.CallUDF("udfs.excel", "QD_TALENT_SUBSIDY", Array(pay, on_date))
        Exit Function
    #End If
failed:
    QD_TALENT_SUBSIDY = Err.Description
End Function
