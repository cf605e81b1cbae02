"""Whether a server answers, as a container asks it."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from deploy.health import healthy


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_only_a_server_that_answers_with_200_is_healthy() -> None:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        assert healthy(f"{port}/health")
        assert not healthy(f"{port}/ready")
        server.shutdown()
        thread.join()
    assert not healthy(f"{port}/health")
