"""What goes between a page and its server: whether it has answered, and which buttons it has heard of."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.patience import POLL, STEP

PRESSED = {"trigger_value", "string_trigger_value", "json_trigger_value"}  # what is sent once, and not remembered


@dataclass
class _Heard:
    waits: bool = False  # whether an answer is still to come
    pressed: int = 0  # requests that carried a button


_PAGES: "WeakKeyDictionary[Page, _Heard]" = WeakKeyDictionary()  # that are listened to


def listen(page: Page) -> None:
    """Hears what the page asks from now on; may be called again."""
    if page not in _PAGES:
        _PAGES[page] = _Heard()
        page.on("websocket", lambda socket: _hear(page, socket))


def wait(page: Page) -> None:
    """Waits until nothing that the page has asked is without an answer; at once where nobody listens."""
    page.wait_for_timeout(1000 * POLL)  # what was just clicked is asked first, and only now is it heard of
    for _ in range(int(STEP / POLL)):
        if not waits(page):
            return
        page.wait_for_timeout(1000 * POLL)
    raise TimeoutError("the server never answered")


def waits(page: Page) -> bool:
    """Whether something that the page has asked is without an answer."""
    return page in _PAGES and _PAGES[page].waits


def pressed(page: Page) -> int:
    """How many presses of a button the page has told its server of since somebody listens."""
    return _PAGES[page].pressed if page in _PAGES else 0


def _hear(page: Page, socket: WebSocket) -> None:
    _answered(page)  # whom an earlier one has asked will not answer any more
    socket.on("framesent", lambda content: _asks(page, content))
    socket.on("framereceived", lambda content: _answers(page, content))
    socket.on("close", lambda _: _answered(page))


def _asks(page: Page, content: str | bytes) -> None:
    if not isinstance(content, bytes):
        return
    asked = BackMsg.FromString(content)
    if asked.WhichOneof("type") == "rerun_script":
        _PAGES[page].waits = True
        widgets = asked.rerun_script.widget_states.widgets
        _PAGES[page].pressed += any(widget.WhichOneof("value") in PRESSED for widget in widgets)


def _answers(page: Page, content: str | bytes) -> None:
    if not isinstance(content, bytes):
        return
    told = ForwardMsg.FromString(content)
    if told.WhichOneof("type") == "script_finished" and told.script_finished != told.FINISHED_EARLY_FOR_RERUN:
        _answered(page)


def _answered(page: Page) -> None:
    _PAGES[page].waits = False
