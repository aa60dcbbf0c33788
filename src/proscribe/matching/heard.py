"""Coined names as people spell them by ear: sounds and what else is written for them.

A slip of the hand changes one letter; who only heard a name writes each sound in the way of another language, so several
letters differ at once: "Hichvision", "Huwai". Few sounds of one name are written otherwise, and nothing else is made.
"""

from __future__ import annotations

from collections.abc import Iterator

#: Sounds, longest first, and what people write for them.
_SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("vision", ("wision", "vission", "vizion", "vishion", "fision", "vison", "visyon", "vijn", "visie", "visione")),
    ("uawei", ("uwai", "uwei", "uavei", "uavai", "ouawei", "ouwei", "auwai", "auwei", "oawei", "oawai", "ouavei", "uawey",
               "uaway", "uawi", "uwawei", "uwawi", "uahwei", "ouawe", "uvei", "uvai", "waway", "wawei", "wavei", "uwaway")),
    ("ahua", ("ahoua", "aahua", "aaha", "ahwah", "awhua", "ahuwa", "ahooa", "ahuah", "ahouah", "aahwa", "achua", "ahova")),
    ("k", ("c", "ck", "ch", "q", "kk", "kh", "x", "g", "kc")),
    ("y", ("i", "ie", "ai", "ee", "ei", "yi")),
    ("i", ("y", "ie", "ee", "ai", "e", "ii")),
    ("t", ("tt", "th", "tth")),
    ("e", ("ea", "a", "i", "ee", "ae", "eh")),
    ("r", ("rr", "rh")),
    ("a", ("ah", "er", "aa", "ar")),
    # Kana without voicing marks, as folding leaves them; syllables of Hangul; Arabic letters.
    ("ハイク", ("ヒク", "ハイック", "ハイキ")),
    ("ヒション", ("フィション", "ウィション", "ヒシオン", "ヒーション", "ヒショーン")),
    ("ファー", ("ファ", "フア", "フアー", "ホア", "ホワ", "ファ-", "ホァ", "フワー")),
    ("ウェイ", ("ウエイ", "ウェー", "ウイ", "ウェィ", "ウエー", "ウェーイ")),
    ("ター", ("タ",)),
    ("ファ", ("フア", "フワ", "ホア", "ファー", "フーア", "ホワ")),
    ("ハイテ", ("ハイテー", "ハイティ", "ヒテ", "ヒュテ")),
    ("하이크", ("히크", "하익", "하이키", "하잌", "힉")),
    ("비전", ("비젼", "비죤", "비션", "뷔전")),
    ("화웨", ("후아웨", "훠웨", "후와웨", "화외", "화워", "화훼", "하웨", "호아웨")),
    ("다후", ("따후", "타후")),
    ("후아", ("후와", "하우", "후어")),
    ("하이테", ("히테", "하이터", "하이떼", "하이트")),
    ("هيك", ("هايك", "هك", "هيق", "هيكي")),
    ("فيجن", ("فيشن", "فيجين", "فيشين", "فيدجن", "فيزون", "فيزن", "فجن", "فيجون")),
    ("هوا", ("هوو", "هاوا", "خوا", "هواو", "حوا", "هوى")),
    ("هايتي", ("هيتي", "هايت", "هيت", "هايطي")),
)  # fmt: skip
#: How many sounds of one name are written otherwise.
_MOST_OTHERWISE = 2


def spelt_by_ear(word: str) -> Iterator[str]:
    """Yield the ways of writing a name of which at most two sounds are written otherwise."""
    sounds = _sounds(word)
    made = {("", 0)}
    for sound, others in sounds:
        made = {(begun + sound, count) for begun, count in made} | {
            (begun + other, count + 1) for begun, count in made if count < _MOST_OTHERWISE for other in others
        }
    yield from sorted(begun for begun, count in made if count)


def _sounds(word: str) -> list[tuple[str, tuple[str, ...]]]:
    """Split a word into sounds with what else is written for each; other letters are as they are."""
    found: list[tuple[str, tuple[str, ...]]] = []
    place = 0
    while place < len(word):
        sound, others = next(
            ((sound, others) for sound, others in _SOUNDS if word.startswith(sound, place)), (word[place], ())
        )
        found.append((sound, others))
        place += len(sound)
    return found
