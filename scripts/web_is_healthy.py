#!/usr/bin/env python3
"""Ask the web server of this machine for its health page, as the proxy would. Exit code 0 when it answers 200."""

import os
import sys
import urllib.request


def main() -> int:
    # The site's own name, or Django refuses the request; and said to be secure, or Django sends it elsewhere.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/sante/",
        headers={"Host": host, "X-Forwarded-Proto": "https"},
    )
    try:
        with urllib.request.urlopen(request, timeout=8) as response:
            return 0 if response.status == 200 else 1
    except OSError as error:  # refused, too slow, or an answer of 400 and more
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
