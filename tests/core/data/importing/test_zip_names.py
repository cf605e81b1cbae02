"""Names in zip files: read in the code page that fits them, so that classes never merge and people can read them."""

import io

import pytest

from casting_core.data.importing import archives
from casting_core.data.importing.preview import preview
from casting_core.errors import DatasetError
from casting_core.settings import settings
from casting_core.wording import is_unicode
from tests.core.data.importing.hostile import photo, zipped
from tests.core.data.importing.raw_zip import raw_zip, unicode_path

WRITTEN = {
    "cp932": [["表面良品", "表面不良", "裏面良品", "裏面不良"], ["正常", "異常"], ["欠陥あり", "ソリ", "十分"]],
    "gbk": [["合格", "不合格"], ["良品", "不良品"], ["气孔", "砂眼", "裂纹", "缩孔"], ["叶轮_正常", "叶轮_缺陷"]],
    "cp950": [["良品", "次品"], ["氣孔", "裂紋"], ["缺陷", "功能"], ["測試", "訓練"]],
    "cp949": [["양품", "불량품"], ["정상", "기공"], ["앞면", "뒷면"], ["표면 흠집", "주물"]],
    "euc_jp": [["良品", "不良品"], ["欠陥あり"]],
    "cp437": [["geprüft", "fehlerhaft"], ["défaut", "conforme"], ["Gußteile", "Größe"]],
    "cp850": [["geprüft"], ["peça boa", "não conforme"], ["Ærø", "Ølkande"]],
    "cp1252": [["geprüft"], ["Gußteile", "Größe"], ["défaut"], ["dañado"], ["ÖL", "geprüft 5µm"]],
    "cp852": [["dobrý", "vadný"], ["łożysko", "zły"]],
    "cp1250": [["łożysko", "zły"], ["kůže", "šroub"]],
    "cp1254": [["sağlam", "hatalı"], ["döküm", "çatlak"]],
    "cp857": [["sağlam", "hatalı"]],
    "cp1251": [["норма", "брак"], ["Хорошие", "Плохие"]],
    "cp866": [["годные", "дефект"]],
    "cp1253": [["ελαττωματικό", "καλό"]],
    "utf-8": [["良品", "geprüft"], ["합격"], ["брак"]],
}
SETS = [(page, words) for page, sets in WRITTEN.items() for words in sets]


def names_of(content: bytes) -> tuple[list[str], str]:
    """The folders of an archive as they were read, and what is said of how."""
    with archives.opened(io.BytesIO(content)) as archive:
        assert all(is_unicode(entry.path) for entry in archive.entries)
        return [entry.path.partition("/")[0] for entry in archive.entries], " ".join(archive.notes)


@pytest.mark.parametrize(("page", "words"), SETS, ids=[f"{page} {words[0]}" for page, words in SETS])
@pytest.mark.parametrize("slash", [b"/", b"\\"], ids=["slash", "backslash"])
def test_names_of_any_code_page_can_be_read_and_folders_stay_apart(page: str, words: list[str], slash: bytes) -> None:
    content = raw_zip([(word.encode(page) + slash + b"%d.png" % at, photo(at)) for at, word in enumerate(words)])
    names, told = names_of(content)
    assert names == words
    assert ("were read as" in told) == (page != "utf-8")


def test_ok_and_defective_whose_letters_hold_a_backslash_are_two_classes() -> None:
    words = ["表面良品", "表面不良"]  # in Shift-JIS the first letter ends with the byte of a backslash
    assert b"\\" in words[0].encode("cp932")
    content = raw_zip([(f"{word}/{at}.png".encode("cp932"), photo(at)) for at, word in enumerate(words)])
    with archives.opened(io.BytesIO(content)) as archive:
        assert sorted(one.key for one in preview(archive).classes) == sorted(words)
        assert [archive.read(entry) for entry in archive.entries] == [photo(0), photo(1)]
        assert "Shift-JIS (Japanese)" in archive.notes[0]


def test_where_no_code_page_fits_names_are_shown_by_their_numbers_and_stay_apart() -> None:
    odd = [b"\xb0\xb1\xb2/a.png", b"\xb0\xb1\xdb/b.png", b"\xff\xfe\x81\x8d/c.png"]
    names, told = names_of(raw_zip([(name, photo(at)) for at, name in enumerate(odd)]))
    assert len(set(names)) == 3
    assert all(name.isprintable() for name in names)
    assert told


def test_what_an_archive_says_of_its_names_is_believed() -> None:
    words = ["良品", "不良"]
    marked = raw_zip([(f"{word}/a.png".encode(), photo()) for word in words], marked=True)
    assert names_of(marked) == (words, "")
    raw = [f"{word}/a.png".encode("cp932") for word in words]
    fields = [unicode_path(name, f"{word}/a.png") for name, word in zip(raw, words, strict=True)]
    assert names_of(raw_zip([(name, photo()) for name in raw], extra=fields)) == (words, "")
    foreign = [unicode_path(b"another name", "good/a.png") for _ in raw]  # of a name that was changed since
    assert names_of(raw_zip([(name, photo()) for name in raw], extra=foreign))[0] == words


def test_a_name_that_says_it_is_utf8_and_is_not_is_said() -> None:
    with pytest.raises(DatasetError, match="says that its names are UTF-8, and one is not"):
        names_of(raw_zip([("良品/a.png".encode("cp932"), photo())], marked=True))


def test_a_name_in_another_code_page_cannot_lead_outside_either() -> None:
    with pytest.raises(DatasetError, match="outside its folder"):
        names_of(raw_zip([("良品/../../a.png".encode("cp932"), photo())]))


WAY = "content/drive/MyDrive/Colab Notebooks/casting/casting_data/train/"


@pytest.mark.parametrize(
    "beside", [{}, {"read me.txt": b"x"}, {f"__MACOSX/{WAY}ok/._a.png": b"x"}, {"content/": b"", "content/drive/": b""}]
)
def test_folders_that_wrap_the_whole_do_not_count_as_deep(beside: dict[str, bytes]) -> None:
    content = zipped({f"{WAY}ok/a.png": photo(1), f"./{WAY}ng/b.png": photo(2)} | beside)
    with archives.opened(io.BytesIO(content)) as archive:
        assert len([entry for entry in archive.entries if entry.path.endswith(".png")]) >= 2


def test_too_deep_within_the_wrapper_is_refused_with_the_setting_that_moves_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deep = zipped({f"{WAY}ok/a.png": photo(1), f"{WAY}ng/1/2/3/4/5/6/7/b.png": photo(2)})
    with pytest.raises(DatasetError, match=r"9 deep; at most 8 are allowed \(CASTING_MAX_ZIP_DEPTH\)"):
        names_of(deep)
    monkeypatch.setenv("CASTING_MAX_ZIP_DEPTH", "9")
    settings.cache_clear()
    assert len(names_of(deep)[0]) == 2
