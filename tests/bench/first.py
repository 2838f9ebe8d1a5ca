"""The product as it answers who is the first to ask since the record was changed.

It keeps nothing of what it wrote for an answer, so that each is written from the start.
"""

from bordersec.wsgi import application as application
from provenance.api import json_queries

json_queries.KEPT.most_bytes = 0
