"""Other sites read what is public here (CORS, in the Fetch standard of WHATWG)."""

import re

SAFE = ("GET", "HEAD", "OPTIONS")
# The API, and files for other programs.
FILES = re.compile(r"/api/|/oembed\Z|(?!/admin/).*\.(json|csv|ics|atom|bib)\Z")
EXPOSED = "ETag, Link, Content-Disposition, Retry-After"


class PublicReads:
    """Middleware that lets scripts of any site read what anybody may read.

    None sends or gets anything in somebody's name: no credentials are allowed, and of
    what came with a token nothing is handed on. Nor can one write.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in SAFE or "Authorization" in request.headers:
            return response
        if FILES.match(request.path_info):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = EXPOSED
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Methods"] = ", ".join(SAFE)
                response["Access-Control-Allow-Headers"] = "If-None-Match"
                response["Access-Control-Max-Age"] = "86400"
        return response
