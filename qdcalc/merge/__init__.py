"""Many filled workbooks → one: the good rows with their source, what they add up to, what is claimed twice.

    report = merge(Path("各区市"), Path("汇总.xlsx"))

This room stands above filled, which reads and checks the files.
"""
