"""What every page and answer needs, whoever gives it: headers, languages, drawings.

``links`` looks at other sites, for a command.

It imports ``tables`` for what an upload may be, and no model.
"""
