"""How folders of classes and splits are called, in the languages and spellings people use.

A name is taken apart into words: case, accents, blanks, hyphens, dots, numbers and words that say nothing (``front``,
``photos``) do not matter. What then is not one of the known words means nothing here, and a person is asked.
"""

import re
import unicodedata
from functools import cache

from casting_core.domain import Label, Split

_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d"})

_OK = """
ok okay good pass passed sound normal accept accepted acceptable approved conform conforming compliant intact
faultless
flawless undamaged healthy io inordnung gut gute guter gutteil gutteile einwandfrei fehlerfrei fehlerlos mangelfrei
defektfrei bestanden freigegeben goed goede goedgekeurd bra godkand godkendt godkjent hyva hyvaksytty
buono buoni buona buone conforme conformi idoneo bon bons bonne bonnes conformes sain bueno buenos buena buenas bien
correcto correctos aceptado aprobado bom bons boa boas aprovado dobry dobre dobra zgodny zgodne sprawny shodny jo
megfelelo bun bune saglam iyi uygun kusursuz hatasiz baik bagus
годен годные годная годный хороший хорошие норма придатний καλο
良品 合格 合格品 正常 正常品 好 好品 正品 良 無欠陥 无缺陷 無缺陷 양품 합격 정상 양호 สมบูรณ์ ของดี سليم جيد
mtfree nodef nodefect nodefects noanomaly defectless perfect nominal usable apto apta aptos aptas aceptable aceptables
goedkeur prawidlowy prawidlowe wporzadku bezvadny bezvadne vporadku vyhovujici hibatlan dobro dobri dobar ispravno
ispravan ispravni ispravna ehja virheeton korras geras tinkamas tinkami iorden felfri felfria feilfri fejlfri
sorunsuz hasarsiz lulus tot aprovada aprovadas aprovados aprobados accepte acceptes acceptees
исправный исправные исправен хорошо справний придатнии добре добър изправен годна εντάξει
無欠点 好件 ठीक सही ดี ผ่าน תקין سالم صالح مقبول
"""
_DEFECTIVE = """
def defect defects defective defectives bad ng nok ko nogo unok fail failed failure failures fault faults faulty
reject
rejects rejected rejection scrap scrapped anomaly anomalies anomalous abnormal abnormality damaged flaw flaws flawed
nonconforming nonconform noncompliant unacceptable unsound
nio schlecht schlechte schlechter schlechtteil schlechtteile ausschuss ausschussteile fehler fehlerhaft fehlerteile
defekt defekte mangel maengel mangelhaft beschadigt beschaedigt beanstandet gesperrt schrott unbrauchbar
afgekeurd slecht fout afkeur uitval underkand dalig kasserad feil fejl kasseret virheellinen hylatty huono viallinen
difettoso difettosi difettosa difettose difetto difetti scarto scarti cattivo cattivi
mauvais mauvaise mauvaises defaut defauts defectueux defectueuse defectueuses rebut rebuts rejete
malo malos mala malas mal defectuoso defectuosos defectuosa defectuosas defecto defectos rechazado rechazados rechazo
chatarra desecho mau ruim defeituoso defeituosos defeito defeitos reprovado rejeitado refugo sucata
wadliwy wadliwe wadliwa wada wady zly zle brak braki niezgodny niezgodne uszkodzony uszkodzone odrzut odrzucony
vadny vadne zmetek zmetky neshodny spatny selejt hibas rossz neconform
hatali kusurlu bozuk kotu hurda uygunsuz iskarta defolu cacat rusak
брак дефект дефекты дефектный дефектные дефектов бракованный бракованные негодный негодные негоден плохой плохие
ελαττωματικο
不良 不良品 不合格 不合格品 次品 废品 廢品 缺陷 有缺陷 坏 壞 坏品 异常 異常 瑕疵 残次品 欠陥 欠陥品 不適合
不適合品 非良品 불량 불량품 불합격 결함 비정상 이상 ของเสีย معيب
notok notgood imperfect unusable nonconformity nonconformities kaputt abgelehnt zuruckgewiesen gebrek gebreken
defecten
noapto inapto inapta inaceptable incorrecto incorrectos defectivas rejet rejets rebute rebutes
refuse refuses horsservice chybny chybne nevyhovujici defektni defektny defektu defektow wad nieprawidlowy
nieprawidlowe selejtes nemmegfelelo
neispravno neispravan neispravni neispravna vigane praak brokas blogas netinkamas brakis bojats
avvist kassert underkjent arizali hasarli gagal rosak rau xau loi khongdat khongtot defectivos
дефекта брака неисправный неисправные неисправен плохо непридатний дефектний дефектен неизправен рекламация
報廢 报废 廃棄 不可 비양품 खराब दोषपूर्ण เสีย ไม่ผ่าน פגום معیوب تالف مرفوض
"""
_NOT = """
not no non nicht kein keine ohne sans pas sin senza sem nao ikke inte ingen ei nie ne bez niet geen without zero
nem khong
не без нет
"""
_FREE = frozenset({"free", "frei", "fri", "libre", "vrij"})
_NOUNS = frozenset({"defects", "fehler", "faults", "flaws", "failures", "rejects"})  # "0 defects" means none of them

_TRAIN = """
train training trn learn learning trainieren entrenamiento entrainement apprentissage addestramento treino treinamento
egitim trening uczenie trenink opleiding traning koulutus trainings lern trenovaci tanito antrenare
обучение обучающая тренировка 训练 訓練 学習 훈련 학습
"""
_VALIDATION = """
val valid validation validate validating dev validierung validacion validacao validazione walidacja dogrulama
validering validierungs валидация проверочная 验证 驗證 检验 検証 검증
"""
_TEST = """
test testing tst tests holdout heldout eval evaluation prueba pruebas teste testes testowe testowy
prufung pruf pruefung pruef collaudo essai essais testovaci teszt tesztelo
тест тестовая 测试 測試 テスト 評価 테스트 시험 평가
"""
_SET = """
set sets data dataset datasets image images img imgs photo photos picture pictures split folder files file
bilder fotos
daten datensatz subset partition part only
выборка データ データセット 세트
"""
_SET_ENDS = ("set", "data", "images", "daten", "bilder", "データ", "用", "集", "용", "셋", "세트")
_SAYS_NOTHING = f"""
{_SET} front back top bottom side left right view views pic pics bild foto parts piece pieces teil teile stueck stuck
casting castings cast sample samples product products item items class klasse category cam camera kamera line linie
station group type label all new old vorne hinten oben unten is has the of
von with mit con avec com med met ile copy kopie kopia copie copia pezzi pieces piezas
"""
_UNSPACED = re.compile(  # words that say nothing either, of languages that put no blanks between words
    "表面|裏面|里面|正面|背面|反面|側面|侧面|上面|下面|顶面|底面|产品|產品|製品|零件|铸件|鑄件|鋳物|工件|样品|樣品|"
    "图片|图像|圖片|圖像|照片|画像|写真|判定|結果|结果|판정|결과|部品|品|件"
)
_THERE = re.compile(r"(?:有|存在)(.+)|(.+)(?:あり|有り|있음)")  # of the same languages: it is there, and it is not
_NOT_THERE = re.compile(r"(?:无|無|没有|沒有)(.+)|(.+)(?:なし|無し|없음)")
_EMPTY_LEVELS = """
data image images img imgs photo photos picture pictures jpegimages rgb dataset datasets files bilder fotos
input inputs
"""
_DOUBT = """
unknown unclear unsure uncertain doubtful doubt review recheck unlabeled unlabelled unsorted misc other others mixed
maybe rework unklar unbekannt sonstige sonstiges nacharbeit todo tbd inconnu desconocido sconosciuto nieznane belirsiz
неизвестно 不明 未知 要検査
"""
_YEAR = re.compile(r"(19|20)\d\d")
_NUMBERED = re.compile(r"([^\W\d_]+)(\d+)")
_DATE = re.compile(r"(19|20)\d{2}\W?_?\d{1,2}(\W?_?\d{1,2})?(\D.*)?|\d{1,2}[._-]\d{1,2}[._-](19|20)?\d\d")
_PLACES = """
line linie ligne linea linia hat station platz cam camera kamera shift schicht batch lot charge werk plant day tag
week woche kw part teil artikel serie order auftrag mold mould cavity nest form machine maschine tour run
"""


def fold(text: str) -> str:
    """The text without case, accents and width; letters of other scripts stay what they are."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFKC", bare).casefold().translate(_LETTERS)


def words_of(name: str) -> tuple[str, ...]:
    """The words and numbers in a name, folded."""
    letters = (
        letter if letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc") else " " for letter in fold(name)
    )
    return tuple("".join(letters).split())


def _lexicon(text: str) -> frozenset[str]:
    return frozenset(map(fold, text.split()))


OK, DEFECTIVE, NOT = _lexicon(_OK), _lexicon(_DEFECTIVE), _lexicon(_NOT)
SAYS_NOTHING, SET, EMPTY_LEVELS = _lexicon(_SAYS_NOTHING), _lexicon(_SET), _lexicon(_EMPTY_LEVELS)
DOUBT = _lexicon(_DOUBT)
PLACES = _lexicon(_PLACES)
SPLITS = {
    **dict.fromkeys(_lexicon(_TRAIN), Split.TRAIN),
    **dict.fromkeys(_lexicon(_VALIDATION), Split.VALIDATION),
    **dict.fromkeys(_lexicon(_TEST), Split.TEST),
}


@cache
def class_word(name: str) -> Label | None:
    """The label that a name stands for; ``None`` where it is not one of the known words, or says both."""
    words = words_of(name)
    if known := _meaning("".join(words)):
        return known[0]
    if words[:1] == ("0",) and words[-1] in _NOUNS:
        return None
    words = tuple(_without_numbers(words))
    return _of_words(words) if words else None


def _of_words(words: tuple[str, ...]) -> Label | None:
    bare = (_UNSPACED.sub("", word) for word in words)
    kept = tuple(word for word in bare if word and word not in SAYS_NOTHING)
    if known := _meaning("".join(kept)):
        return known[0]
    if len(kept) > 1 and kept[0] in NOT and (rest := _of_words(kept[1:])) is not None:
        return Label.OK if rest is Label.DEFECTIVE else Label.DEFECTIVE
    if len(kept) == 2 and _FREE & set(kept) and any(_meaning(word) == (Label.DEFECTIVE,) for word in kept):
        return Label.OK
    if len(kept) == 1 and (said := _unspaced(kept[0])):
        return said[0]
    each = {_meaning(word) for word in kept}
    alike = each.pop() if len(each) == 1 else None  # ``NG (不良)`` says one thing twice
    return alike[0] if alike else None


def _unspaced(word: str) -> tuple[Label] | None:
    """The label in a word that says whether something is there: ``异常なし``, ``无瑕疵``; one of ok alone says none."""
    for pattern, label in ((_NOT_THERE, Label.OK), (_THERE, Label.DEFECTIVE)):
        if (found := pattern.fullmatch(word)) and _meaning(found[1] or found[2]) == (Label.DEFECTIVE,):
            return (label,)
    return None


def _meaning(word: str) -> tuple[Label] | None:
    """The label in a tuple of its own, for the label ok counts as nothing."""
    return (Label.OK,) if word in OK else (Label.DEFECTIVE,) if word in DEFECTIVE else None


def _without_numbers(words: tuple[str, ...]) -> list[str]:
    """The words without numbers, numbered places (``cam1``) and the sign for a number (``no 3``)."""
    kept = []
    for at, word in enumerate(words):
        numbered = _NUMBERED.fullmatch(word)
        before_number = word in ("no", "nr", "nummer", "number") and "".join(words[at + 1 : at + 2]).isdigit()
        if word.isdigit() or before_number or (numbered and numbered[1] in SAYS_NOTHING | PLACES):
            continue
        # ``NG1`` and ``NG2`` are two kinds of what is defective, but ``OK2`` may be a grade of its own
        kept.append(numbered[1] if numbered and _meaning(numbered[1]) == (Label.DEFECTIVE,) else word)
    return kept


@cache
def split_word(name: str) -> Split | None:
    """The split that a name stands for: ``training_set``, ``Test Images``, ``val2017``."""
    words = words_of(name)
    bare = [_YEAR.sub("", word) if _YEAR.search(word) else word for word in words]
    kept = [word for word in bare if word and word not in SET]
    while len(kept) > 1 and kept[0].isdigit():  # ``1. Training``, but ``test_1`` may be the first trial
        kept = kept[1:]
    joined = "".join(kept) or "".join(bare)
    if joined in SPLITS:
        return SPLITS[joined]
    return next((SPLITS.get(joined[: -len(end)]) for end in _SET_ENDS if joined.endswith(end)), None)


@cache
def says_nothing(name: str) -> bool:
    """Whether a folder of this name is there for order only: ``images``, ``Data``."""
    return "".join(words_of(name)) in EMPTY_LEVELS


@cache
def says_doubt(name: str) -> bool:
    """Whether a folder of this name holds what somebody could not decide: no kind of defect is called so."""
    return any(word in DOUBT for word in words_of(name))


@cache
def is_date(name: str) -> bool:
    """Whether this looks like a day or a month: no class is called so."""
    return bool(_DATE.fullmatch(name.strip()))


@cache
def is_place(name: str) -> bool:
    """Whether this looks like a date, a line, a station, a shift or a batch, which has classes but is none."""
    words = words_of(name)
    if is_date(name):
        return True
    numbered = [_NUMBERED.fullmatch(word) for word in words]
    if any(one and one[1] in PLACES for one in numbered):
        return True
    return any(word in PLACES for word in words) and len(words) > 1
