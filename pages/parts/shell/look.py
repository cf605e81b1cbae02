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
DOUBTFUL = Look(word="label doubtful", icon=":material/live_help:", colour="#8a4f7d", badge="violet")
RIGHT = Look(word="right", icon=":material/check:", colour="#4d6470", badge="gray")
ROW_OF_TEXT = 35  # pixels, as Streamlit draws the rows of a table
SEEN_AT_ONCE = 10  # rows of a table, without scrolling within it


# What Streamlit has no option for, and why. It has one name for each part of a page, ``data-testid``; a part with a key
# has the class ``st-key-KEY``.
#
# - Nothing jumps while a page comes in: the menu lies over the page, which keeps room for it from the start, and does
#   not push it aside when it arrives.
# - Whoever goes by keyboard sees where they are: a ring around what has the focus, on both backgrounds.
# - A menu that is folded in is out of the way of the Tab key. Tiles with figures have their size before their figures.
# - White on the button that counts reads well in dark, too.
# - Photos lie in a grid of equal tiles; a page of them (24) fills its last row, however many columns there are.
# - On a telephone columns stand below each other: the run that goes on comes first. Its figures fit a row.
# - A photo in full size fits its window, whatever is written around it.
# - Who judges photo after photo has large buttons.
# - The card that judges one casting after the other has its room before it is there.
STYLE = """<style>
html body [data-testid="stMainBlockContainer"] { max-width: none; padding-top: 3.5rem; }
@media (min-width: 769px) {
  html body [data-testid="stMainBlockContainer"] { padding-left: 21.25rem; padding-right: 2.5rem; }
  html body [data-testid="stSidebar"] {
    position: absolute !important; height: 100% !important; width: 18.75rem !important;
  }
  html body [data-testid="stSidebarResizeHandle"] { display: none; }
  html body :has(> [data-testid="stSidebar"][aria-expanded="false"]) [data-testid="stMainBlockContainer"] {
    padding-left: 2.5rem;
  }
}
html body :focus-visible, html body label:has(input:focus-visible) {
  outline: 3px solid light-dark(#1b6a85, #5cb3cf) !important; outline-offset: 2px !important;
}
html body button[kind^="primary"] {
  background-color: #1b6a85; border-color: #1b6a85; color: #ffffff;
}
html body button[kind^="primary"]:hover:enabled { background-color: #155468; }
html body button[kind^="primary"]:disabled { opacity: 0.55; }
html body [data-testid="stCaptionContainer"], html body [data-testid="stCaptionContainer"] p {
  color: light-dark(#56626b, #a3afb8); opacity: 1;
}
html body [data-testid="stButtonGroup"] [data-selected="true"] p { color: light-dark(#1b6a85, #5cb3cf); }
html body [data-testid="stMultiSelect"] span:has(> span[title]) { background-color: #1b6a85; }
html body [class*="st-key-section-"] { min-height: 2.5rem; }
html body [class*="st-key-cell-"] { min-height: 6.25rem; }
@media (max-width: 640px) { html body [class*="st-key-section-"] { min-height: 4.25rem; } }
html body [data-testid="stHorizontalBlock"] > :has(> [data-testid="stMetric"]) { align-self: stretch; }
html body [data-testid="stMetric"] { height: 100%; }
html body [data-testid="stSidebar"][aria-expanded="false"] { visibility: hidden; }
html body [class*="st-key-facts"] > * { flex: 1 1 0; width: auto; min-width: max-content; min-height: 5.75rem; }
html body .st-key-facts-of-photos { min-height: 7.8rem; }
html body .st-key-outcomes { min-height: 6.3rem; }
html body .st-key-outcomes > * { min-height: 6.3rem; }
html body .st-key-reviewed { min-height: 4.25rem; }
html body .st-key-presets { min-height: 5.5rem; }
html body .st-key-photos { min-height: 8rem; }
html body .st-key-judged-by [data-testid="stSkeleton"] { height: 1.5rem !important; }
@media (max-width: 640px) {
  html body .st-key-outcomes { min-height: 13.6rem; }
  html body .st-key-outcomes > * { min-width: 100%; }
  html body .st-key-reviewed { min-height: 9.5rem; }
  html body .st-key-facts-of-photos {
    display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); grid-auto-rows: minmax(7.8rem, auto);
    min-height: 16.6rem;
  }
  html body .st-key-facts-of-photos > * { width: 100%; min-width: 0; }
  html body .st-key-facts-of-review {
    display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); min-height: 26rem;
  }
  html body .st-key-facts-of-review > * { width: 100%; min-width: 0; }
  html body .st-key-facts-of-review > :nth-child(n + 3) { grid-column: 1 / -1; }
}
html body .st-key-history-of, html body .st-key-search-rows { min-height: 4.25rem; }
html body .st-key-kinds-of-rows { min-height: 10.5rem; }
@media (max-width: 640px) {
  html body .st-key-history-of { min-height: 6rem; }
  html body .st-key-kinds-of-rows { min-height: 22.25rem; }
}
html body .st-key-version { min-height: 4.25rem; }
html body .st-key-report { min-height: 9.7rem; }
@media (max-width: 640px) { html body .st-key-report { min-height: 14rem; } }
@media (max-width: 640px) { html body .st-key-one-version { min-height: 9.5rem; } }
html body .st-key-one-card { min-height: 25rem; }
@media (max-width: 640px) {
  .st-key-sides > * > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:first-child { min-height: 48rem; }
}
html body .st-key-form [data-testid="stSkeleton"], html body [class*="st-key-filters"] [data-testid="stSkeleton"] {
  height: 4.25rem !important;
}
.st-key-presets button { padding-inline: 0.4rem; }
html body .st-key-form .st-key-presets [data-testid="stSkeleton"] { height: 2.5rem !important; }
html body .stPrintBorderedColumn { min-height: 33rem; }
@media (max-width: 640px) { html body .stPrintBorderedColumn { min-height: 18rem; } }
html body .no-webgl p { color: #14507a !important; }
[class*="st-key-grid-"] { container-type: inline-size; }
html body [class*="st-key-tiles-"] {
  display: grid; grid-template-columns: repeat(var(--across, 2), minmax(0, 1fr)); grid-auto-rows: 1fr;
  gap: 1rem 0.75rem;
}
@container (min-width: 480px) { [class*="st-key-tiles-"] { --across: 3; } }
@container (min-width: 620px) { [class*="st-key-tiles-"] { --across: 4; } }
@container (min-width: 920px) { [class*="st-key-tiles-"] { --across: 6; } }
@container (min-width: 1400px) { [class*="st-key-tiles-"] { --across: 8; } }
html body [class*="st-key-tiles-"] > * { width: 100%; min-width: 0; }
[class*="st-key-tiles-"] [data-testid="stVerticalBlock"] > :first-child { aspect-ratio: 1; }
html body [class*="st-key-tiles-"] img { width: 100%; aspect-ratio: 1; object-fit: contain; }
@media (max-width: 640px) {
  [data-testid="stColumn"]:has([class*="st-key-live"]) { order: -1; }
  html body .st-key-live-curves { min-height: 56rem; }
  html body .st-key-stop { min-height: 6rem; }
}
.st-key-jobs button, .st-key-jobs button * { justify-content: flex-start; }
html body .st-key-jobs button { padding-left: 0.5rem; }
html body .st-key-figures {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(10.3rem, 1fr)); grid-auto-rows: 5.6rem;
}
html body .st-key-figures > * { width: 100%; min-width: 0; }
html body .st-key-figures [data-testid="stMetricValue"] { font-size: 1.25rem; }
@media (max-width: 640px) {
  html body :is(.st-key-figures, .st-key-tiles-board) [data-testid="stMetricLabel"] p {
    font-size: 0.75rem; line-height: 1.1; white-space: normal;
  }
}
html body .st-key-answers > * { flex: 1 1 0; width: auto; }
.st-key-answers button { min-height: 4.5rem; }
.st-key-answers button p { font-size: 1.35rem; }
html body .st-key-tiles-board [data-testid="stMetricValue"] { font-size: 1.75rem; }
html body .st-key-tiles-board > * { min-height: 7.3rem; }
.st-key-judged img { width: min(100vw - 2rem, max(18rem, calc(100dvh - 28rem))) !important; }
.st-key-full-size img { width: max(15rem, calc(100dvh - 27rem)) !important; }
html body .st-key-judge-each { min-height: 47rem; }
@media (max-width: 640px) { html body .st-key-judge-each { min-height: 88rem; } }
@media (max-width: 640px) {
  .st-key-full-size img { width: max(15rem, calc(100dvh - 35.5rem)) !important; }
}
</style>"""


def table_height(rows: int) -> int:
    """Pixels of a table with a heading and so many rows of text, of which ten are seen at once."""
    return ROW_OF_TEXT * (min(rows, SEEN_AT_ONCE) + 1) + 3


def outcome(label: int, predicted: int) -> Look:
    """How a judged photo turned out against its label."""
    if label == predicted:
        return RIGHT
    return MISSED if label == Label.DEFECTIVE else FALSE_ALARM


def badge(look: Look) -> str:
    """The look as a Markdown badge."""
    return f":{look.badge}-badge[{look.icon} {look.word}]"
