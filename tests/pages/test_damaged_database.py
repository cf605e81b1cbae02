"""A torn database: each page says so in one sentence, with the way back, and works again once that was gone."""

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.records.database import backup
from casting_core.settings import settings
from tests.core.records.test_backup import TORN, let_go
from tests.pages.conftest import Open
from tests.pages.test_pages import PAGES


@pytest.mark.parametrize("how", ["empty", "overwrite_header"])
def test_every_page_says_it_with_the_way_back_and_stands_again_after_it(open_page: Open, how: str) -> None:
    file = settings().data_dir / "casting.sqlite"
    assert not open_page("dashboard.py").error
    assert backup.made(file) is not None, "the dashboard has made its backup of the day"
    let_go()
    TORN[how](file)
    for script in PAGES:
        app = open_page(script)
        assert not app.exception
        (said,) = [one.value.replace("\\", "") for one in app.error]
        assert "is damaged: " in said
        assert "database restore" in said
    assert CliRunner().invoke(main, ["database", "restore", "--yes"]).exit_code == 0
    assert not open_page("dashboard.py").error
