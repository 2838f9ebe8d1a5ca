"""What every page and answer needs, whoever gives it: headers, languages, drawings.

It imports ``tables`` for what an upload may be, and no model.
"""
