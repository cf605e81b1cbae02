"""Whether a server on this machine answers: ``python deploy/health.py 8501/_stcore/health``; exit code 0 where it does.

It is asked by the name that is always known, and not through a proxy.
"""

import sys
import urllib.error
import urllib.request

PATIENCE = 4.0  # seconds


def healthy(place: str) -> bool:
    """Whether this port and path of this machine answers with 200."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{place}", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(not healthy(sys.argv[1]))
