"""What spreadsheet programs load, written from the registry by qdcalc.hosts."""
