"""Which Windows code page of the Latin script a text is written in, told by the alphabets of languages.

What it does: decodes a sample with each page, and takes the page in which all its letters are of one language.
Why it matters: `Demirbaş`, read in the western page, is `Demirbaþ`: headers are not known again, and numbers of inventories and
names of sites that hold such a letter match nothing in other lists.
Not covered: texts of several languages at once, for which `None` is given.
Source: own reading; the alphabets as each language has them, with letters of usual foreign words.
"""

from __future__ import annotations

import re

#: Page to alphabets of languages, letters beyond ASCII. Of pages in which a text reads alike well the first counts.
_ALPHABETS = {
    "cp1252": {
        "Danish, Norwegian": "æøåéêòóôü", "Dutch": "éëïöüáèêó", "Finnish, Swedish": "åäöéüà", "French": "àâæçéèêëîïôœùûüÿ",
        "German": "äöüßéè", "Icelandic, Faroese": "áðéíóúýþæöø", "Italian": "àèéìíòóùúîª", "Portuguese": "àáâãçéêíóôõúüºª",
        "Spanish": "áéíñóúüçºª",
    },
    "cp1250": {
        "Croatian, Slovene": "čćđšž", "Czech": "áčďéěíňóřšťúůýž", "Hungarian": "áéíóöőúüű", "Polish": "ąćęłńóśźż",
        "Romanian": "ăâîşţ", "Slovak": "áäčďéíĺľňóôŕšťúýž",
    },
    "cp1254": {"Turkish": "çğıöşü"},
    "cp1257": {"Estonian": "äõöüšž", "Latvian": "āčēģīķļņōŗšūž", "Lithuanian": "ąčęėįšųūž"},
}  # fmt: skip
_SHARE = 0.9
#: At their places Icelandic has letters; two of them without any other of Icelandic are Turkish.
_TURKISH, _FEWEST_TURKISH = frozenset("ğış"), 2
#: Signs have no place between letters, but for those that join or shorten words.
_SIGN_IN_WORD = re.compile(
    r"(?<=[^\W\d_])(?:[^\w\s\x00-\x7f’‘´·–]|[ªº¹²³¼½¾])(?=[^\W\d_])|(?<=[^\W\d_])[¹³](?!\w)"
)


def latin_page(sample: bytes) -> str | None:
    """Tell the code page in which a text of one language is written; `None` where none reads as one.

    Args:
        sample: bytes that are not UTF-8, and of which most letters stand alone among ASCII.

    Example:
        >>> latin_page("İzmir Şube".encode("cp1254"))
        'cp1254'
    """
    best, most = None, _SHARE
    for page, languages in _ALPHABETS.items():
        text = sample.decode(page, "replace").lower().replace("\u0307", "")  # the point of a small `İ`
        letters = [char for char in text if char > "\x7f" and char.isalpha() and char != "µ"]
        wrong = len(_SIGN_IN_WORD.findall(text)) + text.count("\ufffd")
        if not letters:
            continue
        is_turkish = page == "cp1254" and len(_TURKISH.intersection(letters)) >= _FEWEST_TURKISH
        for alphabet in languages.values():
            share = sum(char in alphabet for char in letters) / (len(letters) + wrong)
            if share > most or (share == most and (best is None or is_turkish)):
                best, most = page, share
    return best
