"""Overview: what data there is, which model is in use and what it is worth, what is going on, and where to go next.

``streamlit run`` imports this file and serves its ``app``. For each visitor it then runs it as a script.
"""

import streamlit as st

from pages.parts.server import door, first_paint, link, start
from pages.parts.shell.look import STYLE

if __name__ != "__main__":
    middleware = [*door.middleware(), *link.middleware(), *first_paint.middleware(STYLE)]
    app = st.App(__file__, lifespan=start.lifespan, middleware=middleware)
else:
    from pages.parts.challenge import stations_view
    from pages.parts.overview import facts, next_steps
    from pages.parts.overview.board import board_view
    from pages.parts.shell import frame, guards

    frame.open(
        "Overview", "Find defective castings before they leave the foundry, and know how far to trust the finding."
    )
    stations_view.alert()
    stations_view.line()
    board_view.show()
    named = guards.named_dataset()
    dataset = guards.dataset()

    data, model, runs = st.columns([1, 2, 1], border=True)
    with data:
        facts.data(named, dataset)
    with model:
        card = facts.model_in_use(named)
    with runs:
        facts.training()

    st.markdown("##### Where to go next")
    next_steps.show(named, dataset, card)
