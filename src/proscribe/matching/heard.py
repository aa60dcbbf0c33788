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
    ("ويژن", ("ويجن", "ويزن", "ويژون", "فيژن")),
    # Cyrillic, Greek and Hebrew, as folding leaves them.
    ("хаик", ("хик", "гаик", "хеик", "хайк")),
    ("хик", ("хаик", "гик", "гаик", "хек", "хиг")),
    ("хік", ("хаик", "гік", "гаик", "хаік")),
    ("гік", ("гаик", "хаик", "хік")),
    ("вижн", ("вижен", "вижион", "вижин", "вижэн", "визион", "вижон", "вижан", "вижън", "вишн", "визн", "вишен", "виджн")),
    ("віжн", ("віжен", "віжин", "віжон", "візіон", "візн", "вижн")),
    ("ахуа", ("агуа", "ауа", "ахва", "ахоа", "акуа", "ахуя")),
    ("уаве", ("уове", "уеве", "уве", "ауве", "оаве", "уяве", "уаоэ", "уава", "уаэве")),
    ("хаите", ("хаитэ", "гаите", "хаиде", "хаитте")),
    ("χικ", ("χαικ", "χικκ")),
    ("χαικ", ("χικ", "χαικκ")),
    ("βιζιον", ("βιζον", "βισιον", "βιζην", "βιζν", "βιζεν")),
    ("αχουα", ("αουα", "αχβα", "αχουβα")),
    ("ουαγουει", ("ουαβει", "ουαουεη", "ουαγουεη", "ουαουαι", "αουει", "αγουει")),
    ("χαιτερ", ("χιτερ", "χαιτερρ", "χαιτηρ")),
    ("הייק", ("היק", "האיק", "חיק")),
    ("היק", ("הייק", "האיק", "חיק")),
    ("ויז", ("וויז", "ויזי", "ויש", "וויש")),
    ("אהוא", ("אהווא", "אחוא", "אהו")),
    # Scripts of India, Thai and Georgian.
    ("हाइक", ("हिक", "हायक", "हाईक", "हैक", "हीक")),
    ("हिक", ("हाइक", "हीक", "हिक्क", "हायक", "हाईक", "हिक्")),
    ("विजन", ("भिजन", "भिजिन", "विशन", "वीजन", "विझन", "व्हिजन", "विजिन", "विज्न", "विसन", "व्हिझन")),
    ("हुआवेई", ("हुआवे", "हुआवै", "हुआवाई", "हुआवेइ", "हूआवेई", "हुवावेई", "हुयावेई", "हुआवी")),
    ("दाहुआ", ("दाहुवा", "डाहुआ", "दहुवा", "दाहुया", "धाहुआ", "दाहूआ")),
    ("हाइटे", ("हायटे", "हाईटे", "हाइते", "हिटे", "हाइटै")),
    ("হিক", ("হাইক", "হিক্", "হিগ")),
    ("ভিশন", ("ভিজন", "ভিসন", "ভিষন", "ভিশান")),
    ("দাহুযা", ("ডাহুযা", "দাহুআ", "দহুযা")),
    ("হুযাও", ("হুআও", "হুযাউ", "হুওযাও")),
    ("ஹிக்", ("ஹைக்", "ஹிக்க்")),
    ("விஷன்", ("விசன்", "விஜன்")),
    ("హిక్", ("హైక్", "హిక్క్")),
    ("విజన్", ("విజ్న్", "విషన్", "వీజన్")),
    ("దాహువా", ("దహువా", "డాహువా", "దాహువ", "దాహుఆ")),
    ("ഹിക്", ("ഹിക്ക്", "ഹൈക്", "ഹൈക്ക്")),
    ("വിഷൻ", ("വിഷന്", "വിശൻ", "വിജൻ")),
    ("ฮิค", ("ฮิก", "ไฮค", "ไฮก", "ไฮค์", "ฮิค์", "ไฮก์", "ฮิคค์")),
    ("วิชั่น", ("วิชัน", "วิชชั่น", "วิสชั่น", "วิชั้น", "วิซชั่น", "วิสั่น", "วิชชัน", "วีชั่น")),
    ("ต้าหัว", ("ดาฮัว", "ดาหวา", "ต้าฮัว", "ดาฮวา", "ต้าหวา", "ดาหั้ว", "ด้าหัว")),
    ("หัวเว่ย", ("หัวเหวย", "หัวเวย", "หูเว่ย", "หัวเว้ย", "ฮัวเว่ย", "หวาเว่ย", "ฮวาเหว่ย", "ฮัวเหวย")),
    ("ไฮเท", ("ไฮเต", "ไฮที", "ไฮเธ", "ไฮเทร", "ไฮธี")),
    ("ჰაიკ", ("ჰიკ", "ხაიკ", "ხიკ")),
    ("ჰიკ", ("ჰაიკ", "ხიკ", "ხაიკ")),
    ("ვიჟენი", ("ვიჟენ", "ვიჟნ", "ვიჟინი", "ვიზიონი", "ვიჟიონი", "ვიშენი")),
    ("უავეი", ("უაუეი", "უვეი", "უავაი", "უავე")),
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
