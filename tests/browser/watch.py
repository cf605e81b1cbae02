"""What must never happen while somebody uses the dashboard, whatever else a test looks at."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

from tests.browser import answers

OWN_HOSTS = {"127.0.0.1", "localhost"}
OVER_THE_NETWORK = {"http", "https", "ws", "wss"}


class Watch:
    """Listens to every tab of a browser context; ``assert_nothing_wrong`` tells what it saw."""

    def __init__(self, context: BrowserContext) -> None:
        self.foreign_requests: list[str] = []
        self.page_errors: list[str] = []
        self.forbidden: list[str] = []  # what the server's own headers forbade a page of its own
        self._context = context
        context.on("request", self._heard_request)
        context.on("weberror", self._heard_error)
        context.on("console", self._heard_console)
        context.on("page", self._listen_to_sockets)

    def exceptions(self) -> list[str]:
        """The texts of the exception boxes on screen, over all tabs."""
        boxes = [page.get_by_test_id("stException").all_inner_texts() for page in self._context.pages]
        return [text for texts in boxes for text in texts]

    def assert_nothing_wrong(self) -> None:
        """Fail where a page left the machine, broke in the browser, or shows an exception."""
        assert not self.foreign_requests, f"requests left this machine: {self.foreign_requests}"
        assert not self.forbidden, f"forbidden by the headers: {self.forbidden}"
        assert not self.page_errors, f"errors in the browser: {self.page_errors}"
        shown = self.exceptions()
        assert not shown, f"exceptions on the page: {shown}"

    def _heard_request(self, request: Request) -> None:
        self._note(request.url)

    def _listen_to_sockets(self, page: Page) -> None:
        answers.listen(page)
        page.on("websocket", self._heard_socket)

    def _heard_socket(self, socket: WebSocket) -> None:
        self._note(socket.url)

    def _heard_console(self, message: ConsoleMessage) -> None:
        if any(
            word in message.text for word in ("Content Security Policy", "Permissions policy", "Permissions-Policy")
        ):
            self.forbidden.append(message.text)

    def _heard_error(self, error: WebError) -> None:
        self.page_errors.append(str(error.error))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in OVER_THE_NETWORK and parts.hostname not in OWN_HOSTS:
            self.foreign_requests.append(url)
