"""How labels, verdicts and outcomes look everywhere: a colour for every kind of colour vision, an icon and a word."""

from dataclasses import dataclass

from casting_core.domain import Label, Verdict


@dataclass(frozen=True, kw_only=True)
class Look:
    """Never a colour alone: ``icon`` and ``word`` say the same."""

    word: str
    icon: str  # a Material symbol, as Streamlit writes it
    colour: str  # red-green-blue; from the palette of Okabe and Ito (2008), which colour-blind people tell apart
    badge: str  # Streamlit's name of the nearest badge colour


LABELS = {
    Label.OK: Look(word="ok", icon=":material/check_circle:", colour="#0072B2", badge="blue"),
    Label.DEFECTIVE: Look(word="defective", icon=":material/dangerous:", colour="#D55E00", badge="orange"),
}
VERDICTS = {
    Verdict.PASS: Look(word="Pass", icon=":material/check_circle:", colour="#0072B2", badge="blue"),
    Verdict.REJECT: Look(word="Reject", icon=":material/dangerous:", colour="#D55E00", badge="orange"),
    Verdict.INSPECT: Look(word="Inspect", icon=":material/visibility:", colour="#8a6d00", badge="yellow"),
}
MISSED = Look(word="missed", icon=":material/warning:", colour="#D55E00", badge="orange")
FALSE_ALARM = Look(word="false alarm", icon=":material/notifications:", colour="#8a6d00", badge="yellow")
RIGHT = Look(word="right", icon=":material/check:", colour="#4d6470", badge="gray")


# What Streamlit has no option for. On a telephone columns stand below each other: the run that goes on comes first.
# The figures of a run that goes on fit a row.
# A photo in full size fits its window, whatever is written around it.
STYLE = """<style>
@media (max-width: 640px) { [data-testid="stColumn"]:has(.st-key-live) { order: -1; } }
.st-key-jobs button, .st-key-jobs button * { justify-content: flex-start; }
.st-key-jobs button { padding-left: 0.5rem; }
.st-key-figures [data-testid="stMetricValue"] { font-size: 1.25rem; }
.st-key-full-size img { width: max(15rem, calc(100dvh - 27rem)) !important; }
</style>"""


def outcome(label: int, predicted: int) -> Look:
    """How a judged photo turned out against its label."""
    if label == predicted:
        return RIGHT
    return MISSED if label == Label.DEFECTIVE else FALSE_ALARM


def badge(look: Look) -> str:
    """The look as a Markdown badge."""
    return f":{look.badge}-badge[{look.icon} {look.word}]"
