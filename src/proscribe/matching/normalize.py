"""Folding of text before matching: pure, idempotent, table-driven.

Folded text is lower case, without accents, full-width forms, invisible characters, and with look-alike letters
of other scripts replaced inside words that are otherwise Latin. Every folded character remembers where it came
from, so that evidence can quote the record as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Letters of other scripts drawn like Latin ones (Unicode confusables, the common subset for a-z and 0-9).
_CHEROKEE = "ᎠᎢᎥᎪᎫᎬᎳᎷᎻᎽᏀᏃᏒᏔᏕᏙᏚᏞᏟᏢᏦᏳᏴᎡ"  # has small letters since Unicode 8, and folds to either
_CONFUSABLES = str.maketrans(
    "аеорсухвнктмійѕјԁһԛԝɡιοανυρτκχεѵӏʟɪ" + "օսհոցզյ" + _CHEROKEE + _CHEROKEE.lower(),
    "aeopcyxbhktmiisjdhqwgioavuptkxevlli" + "ouhngqj" + 2 * "dtiajewmhygzrwsvslcpkgbr",
)
# Latin letters that do not decompose.
_LATIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŋ": "n",
    "ħ": "h", "ⱨ": "h", "ĸ": "k", "ꝁ": "k", "ŧ": "t", "ƶ": "z", "ɨ": "i", "ɇ": "e", "ɉ": "j", "ɍ": "r", "ɏ": "y", "ʉ": "u",
    "ƀ": "b", "ȼ": "c", "ⱥ": "a", "ƚ": "l", "ǥ": "g",  # with a stroke
}  # fmt: skip
# Small capitals of phonetics, and letters in black squares and circles: drawn Latin letters, each on its own.
_LATIN |= dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑ", "abcdefghijklmnoprstuvwyza", strict=True))
# Lisu letters, all drawn like Latin capitals: a name is written in them alone, and no list of equipment is in Lisu.
_LATIN |= dict(zip("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou", strict=True))
_LATIN |= {
    chr(first + place): chr(97 + place) for first in (0x1F150, 0x1F170, 0x1F1E6) for place in range(26)
}
#: Letters in brackets, each one sign: taken apart they would be a letter between two brackets.
_BRACKETED = {first + place: chr(97 + place) for first in (0x249C, 0x1F110) for place in range(26)}
_BRACKETS = re.compile("[\u249c-\u24b5\U0001f110-\U0001f129]")
#: What fills the place of a letter and is drawn as nothing, though it counts as a letter or a symbol; and the stroke that
#: only lengthens Arabic words.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\u0640")
# Arabic letters of Persian keyboards and of sounds that Arabic lacks, and one that many write for another at the end of a word.
_LATIN |= dict(
    zip(
        "\u06a4\u067e\u0686\u06af\u06a9\u06cc\u0649",
        "\u0641\u0628\u062c\u0643\u0643\u064a\u064a",
        strict=True,
    )
)
# Capitals of Greek, Cyrillic and Lisu drawn like Latin ones; small letters of some are drawn otherwise, so they come first.
_CAPITALS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХЅІЈԌꓐꓑꓓꓔꓖꓗꓙꓚꓛꓜꓝꓞꓟꓠꓡꓢꓣꓤꓥꓦꓧꓨꓪꓫꓬꓮꓰꓲꓳꓴ",
    "ABEZHIKMNOPTYXABEKMHOPCTYXSIJGBPDTGKJCCZFFMNLSRRAVHGWXYAEIOU",
)
# Asked once a word, at its beginning: a word without end is looked through twice, not from each of its letters.
_MIXED = re.compile(
    rf"(?<![^\W\d_])(?=[^\W\d_]*[A-Za-z])(?=[^\W\d_]*[{re.escape(''.join(map(chr, _CAPITALS)))}])"
)
_LETTERS = re.compile(r"[^\W\d_]+")
# Single ideographs with a blank between each, as names are spread to fill a form.
_APART = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[ \u3000][\u3400-\u9fff])+(?![\u3400-\u9fff])")
#: Geresh and gershayim, and the signs that people type for them: `וויז'ן` and `וויזן` are one word.
_GERESH = re.compile(r"(?<=[\u05d0-\u05ea])['\u2018\u2019\u05f3\"\u05f4\u201d](?=[\u05d0-\u05ea])")
# Dashes, quotes and spaces that people and word processors put for the plain ones.
_PUNCTUATION = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
    # marks that are drawn like one of ASCII which stands for a letter: H\u00a1kv\u00a1s\u00a1on
    **dict.fromkeys("\u00a1\u01c3", "!"),
    **dict.fromkeys("\u00a6\u01c0\u2223", "|"),
    "\u00a7": "$",
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000", " "),
}
# Traditional to simplified hanzi: the characters of company names of this field, and of the words that ledgers use beside them.
_HANZI = str.maketrans(
    "華為爲視術訊興達數碼電體導雲榮樂螢網絡機東廣漢終創聯團產業實車門開發科貿國際務資訊裝備軟業軟連線區衛韓蘇寧寶龍馬麗鴻濱閩"
    "粵遠進運輸報對並乾亂亞佈併來倉個們倫偉側偵偽傑傘傳債傷傾僅僑價儀億償優儲兒內兩冊凍別刪則剎剛劃劑動勝勞勢勵勻匯協厲參叢吳"
    "呂員問啓啟喚喬單嗎嘗嚴囑圍園圓圖執堅場塊墊壓壞壯壽夠夾奪娛學審寫寬將層屬岡島帳幣幫幹幾庫廠廢廳彈彎後徑從復徵愛態慣慮憑應"
    "懸戲戶拋掃掛採揚換揮損搶撥撿擇擊擋擔據擬擱擴攔攜攝斂斷於時曆書會條棄極構槍樓標樣檔檢檯檻權歐歡歲歸殘殺氣沒況淨減測準溝滅"
    "滿漁潔濕濾瀏灣災無煙熱燈燒營爐爭牆獨獲現環畢畫異當盡監盤眾確礙禮稅種積穩窩競筆節範築簡簽籃籌糧紀約紅級細組結絕給統絲綁經"
    "綠維緊緒編緩縣縮總織繕繪繼續罰羅義習聲職聽腦臨臺與舊艙艦蓋藝藥蘭處號虧衝裏補裡製複見規親覺覽觀訂計記訪設許訴診註評詞詢試"
    "話該詳認誤說課調談請論諮講謝證識譯議護讀讓豐負貨責貯買費貼賠賣質賬賴購贈贊趕踐軌軍較載輔輕輛輪輯轄轉辦辭農這過違遞適遲選"
    "遺還邊邏郵鄉鄰醫釋釘針鈕鈴鉛銀銅銘銷鋒鋪鋼錄錢錯錶鍵鎖鎮鏈鏡鐘鐵鑰鑽長閉閒間閘閱關陣陰陸陽隊階隨險隱隻雙雜雞離難靈靜韌響"
    "頁頂項順預頒領頭頻顆題額顏願類顧顯風飄飛飯飲養館駐駕騰驅驗驚髒鬆魚鳥麼黃點齊",
    "华为为视术讯兴达数码电体导云荣乐萤网络机东广汉终创联团产业实车门开发科贸国际务资讯装备软业软连线区卫韩苏宁宝龙马丽鸿滨闽"
    "粤远进运输报对并干乱亚布并来仓个们伦伟侧侦伪杰伞传债伤倾仅侨价仪亿偿优储儿内两册冻别删则刹刚划剂动胜劳势励匀汇协厉参丛吴"
    "吕员问启启唤乔单吗尝严嘱围园圆图执坚场块垫压坏壮寿够夹夺娱学审写宽将层属冈岛帐币帮干几库厂废厅弹弯后径从复征爱态惯虑凭应"
    "悬戏户抛扫挂采扬换挥损抢拨捡择击挡担据拟搁扩拦携摄敛断于时历书会条弃极构枪楼标样档检台槛权欧欢岁归残杀气没况净减测准沟灭"
    "满渔洁湿滤浏湾灾无烟热灯烧营炉争墙独获现环毕画异当尽监盘众确碍礼税种积稳窝竞笔节范筑简签篮筹粮纪约红级细组结绝给统丝绑经"
    "绿维紧绪编缓县缩总织缮绘继续罚罗义习声职听脑临台与旧舱舰盖艺药兰处号亏冲里补里制复见规亲觉览观订计记访设许诉诊注评词询试"
    "话该详认误说课调谈请论咨讲谢证识译议护读让丰负货责贮买费贴赔卖质账赖购赠赞赶践轨军较载辅轻辆轮辑辖转办辞农这过违递适迟选"
    "遗还边逻邮乡邻医释钉针钮铃铅银铜铭销锋铺钢录钱错表键锁镇链镜钟铁钥钻长闭闲间闸阅关阵阴陆阳队阶随险隐只双杂鸡离难灵静韧响"
    "页顶项顺预颁领头频颗题额颜愿类顾显风飘飞饭饮养馆驻驾腾驱验惊脏松鱼鸟么黄点齐",
)
#: Vowel signs and tones of the scripts of South and South-East Asia: without them other words remain.
SIGNS = (
    "\u0900-\u0903\u093a\u093b\u093e-\u094f\u0955-\u0957\u0962\u0963\u0981-\u0983\u09be-\u09cd\u09d7\u0a01-\u0a03\u0a3e-\u0a4d"
    "\u0a70\u0a71\u0a81-\u0a83\u0abe-\u0acd\u0b01-\u0b03\u0b3e-\u0b4d\u0b56\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbe-\u0cd6\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b6-\u17d3"
)
_SIGN = re.compile(f"[{SIGNS}]")
_ASCII_LETTER = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W_]+")
#: ASCII letter-or-digit runs, ideograph runs, and runs of any other script's letters.
TOKEN = re.compile(rf"[a-z0-9]+|[\u3400-\u9fff]+|(?:[^\W_a-z0-9\u3400-\u9fff]|[{SIGNS}])+")

#: Endings that say only what kind of company it is.
LEGAL_FORMS = frozenset([
    "co", "company", "corp", "corporation", "inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "gmbh",
    "mbh", "ag", "kg", "ug", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "asa", "oy", "aps", "pte",
    "pty", "sdn", "bhd", "kk", "sro", "spzoo", "doo", "jsc", "pjsc", "ooo", "oao", "zao", "ltda", "sau", "sl", "slu",
    "eirl", "a", "s", "r", "l",
])  # fmt: skip
#: Words that many names share, brought to one form so that spellings of one name meet.
CANONICAL = {
    "technologies": "technology", "tech": "technology", "technolgy": "technology", "techno": "technology",
    "communications": "communication", "telecommunications": "telecommunication",
    "telecoms": "telecom", "systems": "system", "electronics": "electronic", "networks": "network",
    "services": "service", "solutions": "solution", "products": "product", "intl": "international",
    "developments": "development", "investments": "investment", "digitals": "digital",
}  # fmt: skip


def canonical_token(token: str) -> str:
    """Bring a word of a company name to the form shared by its spellings."""
    return CANONICAL.get(token, token)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and, unless it maps one to one, the source character of each folded character.

    Attributes:
        text: the folded text.
        source: the text as it stands in the record.
        places: for each folded character, where the source character begins that it came from; `None` when they are one to
            one.
        ends: for each folded character, where what it came from ends; empty where that is one character.
    """

    text: str
    source: str
    places: tuple[int, ...] | None
    ends: tuple[int, ...] = ()

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the folded text to a span of the source, in characters."""
        if self.places is None:
            return start, end
        if start >= end:
            return (self.places[start] if start < len(self.places) else len(self.source),) * 2
        return self.places[start], self.ends[end - 1] if self.ends else self.places[end - 1] + 1

    def within(self, source: str, starts: Sequence[int], ends: Sequence[int]) -> Folded:
        """Give the same folded text as one of `source`, of which this one's source was read character by character.

        Args:
            source: the text as it stands in the record.
            starts, ends: for each character of this one's source, where in `source` it stands.
        """
        places = self.places if self.places is not None else range(len(self.text))
        return Folded(
            self.text,
            source,
            tuple([starts[place] for place in places]),
            tuple([ends[place] for place in places]),
        )

    def byte_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the folded text to UTF-8 byte offsets of the source."""
        first, last = self.source_span(start, end)
        if self.places is None:
            return first, last
        lead = len(self.source[:first].encode("utf-8", "surrogatepass"))
        return lead, lead + len(self.source[first:last].encode("utf-8", "surrogatepass"))

    def quote(self, start: int, end: int) -> str:
        """Give the source text of a span of the folded text."""
        first, last = self.source_span(start, end)
        return self.source[first:last]


def is_mark(char: str) -> bool:
    """Tell whether a character is an accent or has no shape of its own, so that folding leaves it out."""
    return char in _FILLERS or (
        unicodedata.category(char) in ("Cf", "Mn", "Me") and _SIGN.match(char) is None
    )


def drawn_latin(text: str) -> str:
    """Replace capitals that are drawn like Latin ones in words that have Latin letters too, and letters in brackets.

    The length stays.
    """
    if _BRACKETS.search(text) is not None:
        text = text.translate(_BRACKETED)
    if _MIXED.search(text) is None:
        return text
    return _LETTERS.sub(
        lambda found: found[0].translate(_CAPITALS) if _MIXED.search(found[0]) else found[0], text
    )


def drawn_together(text: str) -> str:
    """Leave out the blanks between single ideographs, and the marks that Hebrew puts inside words."""
    text = _GERESH.sub("", text)
    return _APART.sub(lambda found: found[0].replace(" ", "").replace("\u3000", ""), text)


def fold(text: str) -> Folded:
    """Fold `text`; ASCII text is only lowered.

    Example:
        >>> fold("Ｈｉｋ\\u200bvisión").text
        'hikvision'
    """
    if text.isascii():
        return Folded(text.lower(), text, None)
    source, text = text, drawn_latin(text)
    blanks = {
        found.start() + place
        for found in _APART.finditer(text)
        for place, char in enumerate(found[0])
        if char in " \u3000"
    }
    blanks |= {found.start() for found in _GERESH.finditer(text)}
    pieces: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if place in blanks:
            continue
        if char.isascii():
            pieces.append(char.lower())
            places.append(place)
            continue
        if is_mark(char):  # zero-width, direction marks, soft hyphen, combining accents
            continue
        folded = unicodedata.normalize("NFKD", char.casefold())
        for part in folded:
            if is_mark(part):
                continue
            for letter in _LATIN.get(part) or _PUNCTUATION.get(part, part):
                pieces.append(letter.lower())
                places.append(place)
    joined = unicodedata.normalize("NFC", "".join(pieces)) if _composes(pieces) else "".join(pieces)
    if len(joined) != len(places):  # Hangul recomposed: fall back to places per source character
        joined, places = _recompose(text)
    joined = joined.translate(_HANZI)

    joined = _WORD.sub(_latinised, joined)
    return Folded(joined, source, tuple(places))


class _Folds(dict[int, str]):
    """What a character becomes, remembered; marks and invisible characters become nothing."""

    def __init__(self, *, decomposed: bool) -> None:
        super().__init__()
        self._decomposed = decomposed

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_mark(char):
            folded = ""
        elif self._decomposed:
            folded = (_LATIN.get(char) or _PUNCTUATION.get(char, char)).lower()
        else:
            folded = char
        self[code] = folded
        return folded


_VISIBLE = _Folds(decomposed=False)
_FOLDED = _Folds(decomposed=True)


#: Hangul in whole syllables, beside ASCII: nothing of it changes but capitals.
_PLAIN_HANGUL = re.compile("[\x00-\x7f\uac00-\ud7a3]*")
#: Of Hangul, what is taken apart and put together again when it is folded.
_SYLLABLES = re.compile(
    "[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uff9e-\uffdc\u3200-\u321e\u3260-\u327e]"
)


def fold_text(text: str) -> str:
    """Fold as `fold` does, without the places: several times as fast for text outside ASCII.

    Example:
        >>> fold_text("Ｈｉｋ\\u200bvisión")
        'hikvision'
    """
    if text.isascii():
        return text.lower()
    if _PLAIN_HANGUL.fullmatch(text):
        return text.lower()
    seen = drawn_together(drawn_latin(text)).translate(_VISIBLE)
    joined = unicodedata.normalize("NFKD", seen.casefold()).translate(_FOLDED)
    if _composes(joined):  # Hangul has to be put together again, syllable by syllable
        return fold(text).text
    if not joined.isascii():
        joined = _WORD.sub(_latinised, joined.translate(_HANZI))
    return joined


def fold_texts(texts: Sequence[str]) -> list[str]:
    """Fold many texts as `fold_text` does; those outside ASCII in one go, which takes a fraction of the time."""
    folded = [text.lower() if text.isascii() else "" for text in texts]
    others = [place for place, text in enumerate(texts) if not text.isascii()]
    # A line break parts words in every step of folding, and nothing becomes one.
    together = [
        place for place in others if _SYLLABLES.search(texts[place]) is None and "\n" not in texts[place]
    ]
    made = fold_text("\n".join([texts[place] for place in together])).split("\n")
    if len(made) != len(together):
        together, made = [], []
    for place, text in zip(together, made, strict=True):
        folded[place] = text
    done = set(together)
    for place in others:
        if place not in done:
            folded[place] = fold_text(texts[place])
    return folded


def _latinised(match: re.Match[str]) -> str:
    """Replace look-alike letters in a word that is otherwise Latin."""
    word = match.group()
    return word.translate(_CONFUSABLES) if not word.isascii() and _ASCII_LETTER.search(word) else word


def _composes(pieces: Iterable[str]) -> bool:
    return any("\u1100" <= piece <= "\u11ff" for piece in pieces)


def _recompose(text: str) -> tuple[str, list[int]]:
    """Fold character by character, composed, so that Hangul syllables stay whole."""
    pieces: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if is_mark(char):
            continue
        folded = unicodedata.normalize("NFKD", char.casefold())
        kept = "".join(part for part in folded if not is_mark(part))
        for letter in unicodedata.normalize("NFC", kept):
            for final in _LATIN.get(letter) or _PUNCTUATION.get(letter, letter):
                pieces.append(final.lower())
                places.append(place)
    return "".join(pieces), places


def inner_borders(written: str) -> list[int]:
    """Give the places inside a run of ASCII letters and digits where people see a border all the same, both ends too.

    That is between a small letter and a capital, behind two capitals or more, and between a letter and a digit.

    Example:
        >>> inner_borders("DahuaIPC2")
        [0, 5, 8, 9]
    """
    places = [0]
    for place in range(1, len(written)):
        before, char = written[place - 1], written[place]
        if (
            (before.islower() and char.isupper())
            or (char.islower() and written[max(0, place - 2) : place].isupper() and place > 1)
            or before.isdigit() != char.isdigit()
        ):
            places.append(place)
    return [*places, len(written)]


def name_tokens(text: str) -> tuple[str, ...]:
    """Split a company or brand name into canonical tokens without legal endings.

    Example:
        >>> name_tokens("Huawei Technologies Co., Ltd.")
        ('huawei', 'technology')
    """
    tokens = [canonical_token(token) for token in TOKEN.findall(fold_text(text))]
    while len(tokens) > 1 and tokens[-1] in LEGAL_FORMS:
        tokens.pop()
    return tuple(tokens)


def as_latin(text: str) -> str:
    """Give a folded text with look-alikes of Latin letters made Latin in every word, for numbers: `с0:6d` has no Latin word.

    Every character keeps its place.
    """
    return text if text.isascii() else text.translate(_CONFUSABLES)


def mac_digits(text: str) -> str | None:
    """Give the 6 to 12 leading hex digits of a MAC address, masked places cut off; `None` when it is none.

    Accepts `AA:BB:CC:DD:EE:FF`, `0:b:cc:d:ee:ff` (as macOS and Solaris print it),
    `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff`, `aabb-ccdd-eeff`, `aabbccddeeff`, and addresses whose
    device half is masked (`AA:BB:CC:xx:xx:xx`, `AA:BB:CC:**:**:**`, `aabb.ccxx.xxxx`).
    """
    match = MAC.fullmatch(text.strip())
    if match is None:
        return None
    written = re.sub(r"(?:^|(?<=:))([0-9a-f])(?=:|$)", r"0\1", match.group().lower())
    digits = re.sub(r"^0x(?=[0-9a-f]{12}$)|[^0-9a-z*]", "", written.replace("------", "******"))
    clear = re.match(r"[0-9a-f]*", digits)
    kept = clear.group() if clear else ""
    return kept.upper() if len(kept) >= 6 else None


_PAIR = r"[0-9A-Fa-f]{2}"
_SHORT = r"[0-9A-Fa-f]{1,2}"
_ANY = r"(?:[0-9A-Fa-f]{2}|[xXnN*]{2}|__|\?\?)"
_ANY4 = r"(?:[0-9A-Fa-fxX*]{4})"
#: A MAC address in the notations people use, device half possibly masked; behind a colon may stand the name of a network.
MAC = re.compile(
    rf"(?<![0-9A-Za-z.-])(?<![0-9A-Fa-f:]:)"
    rf"(?:{_PAIR}(?P<sep>[:-]){_PAIR}(?P=sep){_PAIR}(?:(?P=sep){_ANY}){{3}}"
    rf"|{_SHORT}(?::{_SHORT}){{5}}|{_PAIR} {_PAIR} {_PAIR}(?: {_ANY}){{3}}"
    rf"|[0-9A-Fa-f]{{4}}(?P<four>[.-])[0-9A-Fa-f]{{2}}[0-9A-Fa-fxX*]{{2}}(?P=four){_ANY4}"
    rf"|[0-9A-Fa-f]{{6}}[-:][0-9A-Fa-fxX*]{{6}}|[0-9A-Fa-f]{{6}}(?:------|______|[xX*]{{6}})"
    rf"|0[xX][0-9A-Fa-f]{{12}}|[0-9A-Fa-f]{{12}})(?![0-9A-Za-z-]|:(?::|[0-9A-Fa-f]{{1,4}}(?![0-9A-Za-z])))"
)
