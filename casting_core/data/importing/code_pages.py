"""Code pages in which old programs wrote names, and how plausible text is that was read with one of them.

Plausible are the letters that people of a country use most, in the company in which they use them: Chinese characters
beside each other, an accented letter between plain ones, a capital at the beginning. Lines, boxes and fractions are not
what folders are called.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casting_core.data.datasets.class_rule import ClassRule

# Frequent in running text of Chinese (both scripts) and Japanese, then what foundries and inspection write.
FREQUENT = frozenset(
    "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多"
    "天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但"
    "身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四"
    "第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通"
    "目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物"
    "台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远"
    "資料図検査品良否写真表裏側左右上下前後部分番号年月日曜新旧大中小高低型式機械加工鋳造金属鉄鋼銅軽合材試験結果"
    "製造工場生産管理課室棚箱袋件数量長短厚薄幅径内外丸角穴傷欠割巣湯境込残錆汚打痕剥離変形寸法不足異常正確認済未"
    "判定基準限度見本標準学習用訓練評価画像撮影照明明暗白黒赤青黄緑色光影線点面体積質量温度圧力時間回転速動止開閉"
    "這個來說們為時過會對後樣現將與進實無發當還開關機電車門間問東長馬書報數樂業總產處場師員應記邊統續經結給級組織"
    "檢查驗訓練測試類別項圖像照片樣本標記註鑄鐵鋼鋁銅氣孔裂紋縮砂眼夾渣冷隔變形毛刺缺陷損傷劃磨汙點異次廢報"
    "检查验训练测试类别项图像照片样本标记注铸铁钢铝铜气孔裂纹缩砂眼夹渣冷隔变形毛刺缺陷损伤划磨污点异次废报"
    "优等级格产线班组批号零件泵轮叶壳盖体轴承阀管接头座板盘环套筒齿正反背侧底顶内外圆方孔槽边角端"
    "優質壞好差錯對合格產線班組批號零件葉輪殼蓋閥座板盤環套筒齒背側底頂圓槽端鏽蝕漏補焊修返品返工待確認未處理"
    "坏差错好对锈蚀漏补焊修返待确未处完成新旧目录文件夹桌面下载相机手机"
)
HANGUL = frozenset(
    "이다의는에가을고하지를은도로한사아자시어나리기그인서수부대정라해지일보제들전주장만원여조거오안마성게우상과국"
    "소구미바신있비으경것세년공화무생선모동스위문방요되금면유진관간연물당드재계실통중분치내적명학개단르없회교때양"
    "품불량정상합격결함판불합기공균열주조주물앞뒤면훈련검증시험검사사진부품외관표면크랙수축흠스크래치오염변형이물"
    "테스트데이터원본복사새폴더라인반월일번호"
)
# The small letters beyond ASCII that a language uses: the frequent ones first, and languages by how often they are met.
WESTERN = ("üäöß", "äöåøæ", "éèàêçôîûùâïëœ", "óáíéñúü", "ãçáéíóêõâàôú", "àèùòìé", "ëéïèó")
CENTRAL = ("áíéýěčřšžůúťóďň", "łąężśćóńź", "áéöóőüíúű", "áíéýčšžúľťôňäóďĺŕ", "ăîțșşţâ", "čšžćđ")
TURKISH = ("ıüşçöğâîû",)
CYRILLIC = ("оеаинтсрвлкмдпуыя",)  # the frequent letters; the others are rarer, and rated so
GREEK = ("αοιετνσηυρπκμλςίόάέή",)
RARER, LATER = 0.001, 0.012  # what each further letter, and each further language, is rated lower
KNOWN_WORD = 0.25  # what a name adds that is known to mean a class; two of them at most
SIGNS = frozenset("°²³µ№–—‘’“”·、。・「」（）【】：％～±×º")  # that people do write in names


@dataclass(frozen=True, kw_only=True)
class CodePage:
    """One code page, as Python calls it and as people do."""

    codec: str
    title: str
    usual: range = range(0)  # first bytes of the letters that are learned first; of double bytes only
    languages: tuple[str, ...] = ("",)  # the small letters beyond ASCII that each of its languages uses
    likely: float = 1.0  # how usual it is that a zip file has names in it


# Of pages that give the same letters, the first one is taken: Windows packs names as DOS would have written them.
PAGES = (
    CodePage(codec="cp932", title="Shift-JIS (Japanese)", usual=range(0x88, 0x99)),
    CodePage(codec="gbk", title="GBK (Chinese)", usual=range(0xB0, 0xD8)),
    CodePage(codec="cp950", title="Big5 (Chinese)", usual=range(0xA4, 0xC7)),
    CodePage(codec="cp949", title="EUC-KR (Korean)", usual=range(0xB0, 0xC9)),
    CodePage(codec="euc_jp", title="EUC-JP (Japanese)", usual=range(0xB0, 0xD0)),
    CodePage(codec="gb18030", title="GB 18030 (Chinese)", usual=range(0xB0, 0xD8)),
    CodePage(codec="cp437", title="code page 437 (DOS)", languages=WESTERN),
    CodePage(codec="cp850", title="code page 850 (DOS, Western Europe)", languages=WESTERN),
    CodePage(codec="cp1252", title="Windows-1252 (Western Europe)", languages=WESTERN),
    CodePage(codec="cp852", title="code page 852 (DOS, Central Europe)", languages=CENTRAL, likely=0.95),
    CodePage(codec="cp1250", title="Windows-1250 (Central Europe)", languages=CENTRAL, likely=0.95),
    CodePage(codec="cp857", title="code page 857 (DOS, Turkish)", languages=TURKISH, likely=0.945),
    CodePage(codec="cp1254", title="Windows-1254 (Turkish)", languages=TURKISH, likely=0.945),
    CodePage(codec="cp866", title="code page 866 (DOS, Cyrillic)", languages=CYRILLIC),
    CodePage(codec="cp1251", title="Windows-1251 (Cyrillic)", languages=CYRILLIC),
    CodePage(codec="koi8_r", title="KOI8-R (Russian)", languages=CYRILLIC, likely=0.95),
    CodePage(codec="cp737", title="code page 737 (DOS, Greek)", languages=GREEK),
    CodePage(codec="cp1253", title="Windows-1253 (Greek)", languages=GREEK),
    CodePage(codec="mac_roman", title="Mac Roman", languages=WESTERN, likely=0.9),
)
JAPANESE = ("cp932", "euc_jp")


def plausibility(names: Sequence[str], page: CodePage) -> float:
    """How plausible the letters beyond ASCII are in these names that were read with this page, 0 to 1 and a little.

    They are held against each language of the page by itself. Names that are known to mean a class count extra.
    """
    places = [(name, at) for name in names for at, letter in enumerate(name) if not letter.isascii()]
    if not places:
        return 0.0
    rule = ClassRule()
    known = sum(rule.label(name) is not None for name in names)
    best = max(
        (1 - LATER * later) * sum(_rated(name, at, page, alphabet) for name, at in places)
        for later, alphabet in enumerate(page.languages)
    )
    return page.likely * best / len(places) + min(known, 2) * KNOWN_WORD


def _rated(name: str, at: int, page: CodePage, alphabet: str) -> float:
    """How plausible the letter at this place is, 0 to 1."""
    letter, before, after = name[at], name[at - 1 : at], name[at + 1 : at + 2]
    kind = _script(letter)
    match kind:
        case "kana":
            return 1.0 if page.codec in JAPANESE else 0.6
        case "han" | "hangul":
            return _east_asian(letter, page) * _company(kind, before, after)
        case "latin" | "cyrillic" | "greek":
            cut = 0.5 if after == "\\" else 1.0  # rather the second byte of a letter
            return _alphabetic(letter, before, page, alphabet) * _company(kind, before, after) * cut
    return 0.0 if letter not in SIGNS else 0.7 if before.isdecimal() else 0.45


def _script(letter: str) -> str:
    """Which writing a letter belongs to; ``sign`` for everything that is no letter, and for half-width katakana."""
    if letter.isascii():
        return "plain" if letter.isalpha() else "sign"
    code = ord(letter)
    if 0x3041 <= code <= 0x30FA or code == 0x30FC:
        return "kana"
    if 0x4E00 <= code <= 0x9FFF or code == 0x3005:
        return "han"
    if 0xAC00 <= code <= 0xD7A3:
        return "hangul"
    if not letter.isalpha() or code >= 0x2000 or letter in "ªºµ":
        return "sign"
    return "cyrillic" if 0x400 <= code < 0x530 else "greek" if 0x370 <= code < 0x400 else "latin"


def _east_asian(letter: str, page: CodePage) -> float:
    if letter in FREQUENT or letter in HANGUL:
        return 1.0
    return 0.5 if letter.encode(page.codec)[0] in page.usual else 0.2


def _alphabetic(letter: str, before: str, page: CodePage, alphabet: str) -> float:
    """Small letters of the language; a capital where a word begins, or among capitals."""
    small = letter.lower()
    if small in alphabet:
        rated = 0.95 - RARER * alphabet.index(small)
    elif _script(letter) != "latin":
        rated = 0.75  # all letters of this writing belong to it; these are rarer
    else:
        rated = 0.7 if any(small in one for one in page.languages) else 0.5
    if letter == small:
        return rated
    return rated * (0.4 if before.islower() else 0.9 if before.isupper() else 1.0)


def _company(kind: str, before: str, after: str) -> float:
    """Letters of one writing stand together; accented ones alone among plain ones."""
    beside = [_script(one) for one in (before, after) if one]
    if kind == "latin":
        others = any(one not in ("latin", "plain", "sign") for one in beside)
        return (1.0, 0.75, 0.4)[beside.count("latin")] * (0.5 if others else 1.0)
    strangers = sum(one not in (kind, "sign") and {kind, one} != {"han", "kana"} for one in beside)
    return (1.0, 0.7, 0.4)[strangers]
