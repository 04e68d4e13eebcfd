"""LibreOffice: qdcalc.oxt, an extension that carries all it needs, and putting it in.

bundle.py writes the extension from the registry (record.py) and from the project's own sources (source.py); addin/ is what
runs inside LibreOffice.
"""
