"""Whether the server has answered a page, told by what goes between them: a page that is slow shows it late."""

from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.patience import PATIENCE, POLL

_WAITS: "WeakKeyDictionary[Page, bool]" = WeakKeyDictionary()  # pages that are listened to: is an answer still to come?


def listen(page: Page) -> None:
    """Hears what the page asks from now on; may be called again."""
    if page not in _WAITS:
        _WAITS[page] = False
        page.on("websocket", lambda socket: _hear(page, socket))


def wait(page: Page) -> None:
    """Waits until nothing that the page has asked is without an answer; at once where nobody listens."""
    page.wait_for_timeout(1000 * POLL)  # what was just clicked is asked first, and only now is it heard of
    for _ in range(int(PATIENCE / POLL)):
        if not _WAITS.get(page):
            return
        page.wait_for_timeout(1000 * POLL)
    raise TimeoutError("the server never answered")


def _hear(page: Page, socket: WebSocket) -> None:
    _WAITS[page] = False  # whom an earlier one has asked will not answer any more
    socket.on("framesent", lambda content: _asks(page, content))
    socket.on("framereceived", lambda content: _answers(page, content))
    socket.on("close", lambda _: _WAITS.update({page: False}))


def _asks(page: Page, content: str | bytes) -> None:
    if isinstance(content, bytes) and BackMsg.FromString(content).WhichOneof("type") == "rerun_script":
        _WAITS[page] = True


def _answers(page: Page, content: str | bytes) -> None:
    if not isinstance(content, bytes):
        return
    told = ForwardMsg.FromString(content)
    if told.WhichOneof("type") == "script_finished" and told.script_finished != told.FINISHED_EARLY_FOR_RERUN:
        _WAITS[page] = False
