"""Company names, brands, and what people make of them.

What it does: finds the names of the knowledge (every script, former names, affiliates), own brands, names inside
longer words (`HuaweiHomeGateway`), and misspellings of coined names.
Why it matters: most ledgers and vendor masters say who was paid, not what was bought.
Example: `杭州海康威视数字技术股份有限公司`, `Hik vision`, `Huwaei router`.
Not covered: names shared with other companies stand only with context, see `shared_name`.
References: names and sources in `knowledge/entities/`, `knowledge/affiliates.csv`, `knowledge/brands.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator

from proscribe.matching.index import Index
from proscribe.matching.lexicon import Hit, is_pinyin
from proscribe.matching.normalize import LEGAL_FORMS
from proscribe.matching.record import COMPANY_FIELDS, Record
from proscribe.matching.signals import Signal

NAME = "entity_name"
#: What stands behind a name in the name of a program rather than of a device.
_SOFTWARE_TAILS = frozenset(
    ["browser", "api", "apis", "sdk", "lib", "client", "py", "js", "go", "cli", "mcp", "app", "exporter"]
)
_LISTED_SLIPS = ("misspelling",)
_FOREIGN_PLACES = frozenset(
    [
        "nanjing",
        "shanghai",
        "shenzhen",
        "guangzhou",
        "beijing",
        "dongguan",
        "suzhou",
        "ningbo",
        "wenzhou",
        "xiamen",
        "fujian",
        "jiangsu",
        "henan",
        "hubei",
        "hunan",
        "sichuan",
        "chengdu",
        "taiwan",
        "taipei",
        "dalian",
        "tianjin",
        "qingdao",
        "shandong",
        "hebei",
        "yiwu",
        "foshan",
        "singapore",
        "malaysia",
    ]
)
_TRADE_WORDS = frozenset(
    [
        "technology",
        "security",
        "surveillance",
        "cctv",
        "video",
        "vision",
        "telecom",
        "telecommunication",
        "communication",
        "electronic",
        "camera",
        "cameras",
        "usa",
        "us",
        "uk",
        "europe",
        "india",
        "america",
        "africa",
        "brasil",
        "mexico",
        "italy",
        "spain",
        "france",
        "germany",
        "poland",
        "iberia",
        "benelux",
        "middle",
        "east",
        "me",
        "australia",
        "canada",
        "international",
        "systems",
        "system",
        "network",
        "mobile",
        "deutschland",
    ]
)


def match(record: Record, index: Index) -> Iterator[Signal]:
    """Yield a signal for every name, brand and misspelling that stands up in its place."""
    for number, hits in enumerate(record.hits):
        homonyms = [hit for hit in hits if hit.phrase.matcher == "homonym"]
        for hit in hits:
            if hit.phrase.matcher not in ("entity_name", "brand"):
                continue
            if any(other.start <= hit.start and hit.end <= other.end for other in homonyms):
                continue
            signal = _signal(record, index, number, hit)
            if signal is not None:
                yield signal


def _signal(record: Record, index: Index, number: int, hit: Hit) -> Signal | None:
    phrase = hit.phrase
    cell = record.cells[number]
    found = cell.folded.quote(hit.start, hit.end)
    weights = index.weights
    name = index.called(phrase.key)
    strength, weight, cap = phrase.strength, weights.get(phrase.strength, 0), ""
    why = f"name of {name}" if phrase.matcher == "entity_name" else f"{phrase.text} is a brand of {name}"
    needs = "none"
    software = False
    if hit.typo is not None:
        weight = weights["typo_close"] if hit.typo.close else weights["typo_far"]
        strength, cap = "weak", index.caps.get("typo", "possible")
        why = f"reads like {phrase.text}: {hit.typo.how}"
        needs = "device_word" if hit.typo.pinyin or not hit.typo.close else "none"
        if hit.typo.how == "written in two parts":
            strength, cap, weight = "strong", "", weights["strong"]
            if hit.typo.pinyin and not record.is_whole_cell(number, hit.start, hit.end):
                needs = "device_word"  # two syllables that other names have too
            else:
                needs = "none"
        elif not record.device_words and not _only_trade_words(record, index, number, hit):
            needs = "device_word"
        elif hit.typo.close and not hit.typo.pinyin and (record.device_words or cell.field in COMPANY_FIELDS):
            # A slip beside a device word, or in a maker's column, is what a person would read as the name.
            cap, strength, weight = "", "strong", weights["typo_close"] + weights["device_word"]
    elif phrase.form in _LISTED_SLIPS:
        weight = weights["typo_listed"]
        why = f"a known misspelling of {name}"
        strength = "weak" if phrase.strength == "weak" else "strong"
        if record.device_words or cell.field in COMPANY_FIELDS:
            weight += weights["device_word"]
        else:
            cap = "possible"
        if phrase.strength == "weak":
            needs = "device_word"
    elif hit.inside:
        why = f"the name of {name} inside a longer word"
        whole = cell.tokens[hit.first]
        rest = whole.text[: hit.start - whole.start] + whole.text[hit.end - whole.start :]
        if rest in _SOFTWARE_TAILS:
            software = True
        elif is_pinyin(rest) and not record.device_words:
            return None  # Huaweihe is a river
    elif phrase.strength != "sure" and len("".join(phrase.tokens)) <= 8 and phrase.matcher == "entity_name":
        place = _shared_name(record, index, number, hit)
        if place == "void":
            return None
        if place == "weak":
            strength, weight, needs = "weak", weights["weak"], "device_word"
        elif place == "named":
            strength, weight = "strong", weights["strong"]
        elif phrase.strength == "weak":
            needs = "device_word"
    elif phrase.strength == "weak":
        needs = "device_word"
        if cell.field == "maker_name" and record.is_whole_cell(number, hit.start, hit.end):
            strength, weight, needs = "strong", weights["strong"], "none"
    return Signal(
        matcher="brand" if phrase.matcher == "brand" else NAME,
        cell=number,
        start=hit.start,
        end=hit.end,
        entity=phrase.key,
        role="component" if phrase.category == "semiconductor" else "made_by",
        facts=(phrase.fact,),
        strength=strength,
        weight_mbit=weight,
        group="name",
        why=why,
        needs=needs,
        low=phrase.low,
        cap=cap,
        brand=phrase.text if phrase.matcher == "brand" else "",
        category="software" if software else phrase.category,
        basis=phrase.basis,
        question=f"Does {found!r} mean {name}?" if cap == "possible" or strength == "weak" else "",
    )


def _only_trade_words(record: Record, index: Index, number: int, hit: Hit) -> bool:
    """Tell whether all other words of the cell could stand beside the name in the firm's own name."""
    words = record.words(number)
    known = index.group_words.get(index.group_of(hit.phrase.key), frozenset())
    return all(
        word in known or word in LEGAL_FORMS or word in _TRADE_WORDS or word.isdigit()
        for word in words[: hit.first] + words[hit.last :]
    )


def _shared_name(record: Record, index: Index, number: int, hit: Hit) -> str:
    """Judge a name that other companies and people bear: `named`, `as_is`, `weak` or `void`."""
    cell = record.cells[number]
    words = record.words(number)
    phrase = hit.phrase
    around = words[: hit.first] + words[hit.last :]
    if record.is_whole_cell(number, hit.start, hit.end):
        return "named" if cell.field == "maker_name" or phrase.strength == "strong" else "weak"
    company_like = cell.field in COMPANY_FIELDS or any(
        word in LEGAL_FORMS and len(word) > 1 for word in around
    )
    known = index.group_words.get(index.group_of(phrase.key), frozenset())
    if index.words.industry.anywhere(around) and not record.device_words:
        return "void"
    before = words[hit.first - 1] if hit.first > 0 else ""
    after = words[hit.last] if hit.last < len(words) else ""
    a_person = before in index.words.surnames or after in index.words.surnames or before in index.words.titles
    incorporated = any(word in LEGAL_FORMS and len(word) > 1 for word in around)
    if (
        a_person
        and not incorporated
        and not record.device_words
        and not (set(around) & known - index.words.surnames)
    ):
        return "void"
    # Only a name that reads as pinyin is one that unrelated Chinese companies bear.
    if company_like and (phrase.strength == "weak" or all(map(is_pinyin, phrase.tokens))):
        strange = [
            word
            for word in around
            if word not in known and word not in LEGAL_FORMS and word not in _TRADE_WORDS
            and not word.isdigit() and word not in index.words.device
        ]  # fmt: skip
        if strange and any(word in _FOREIGN_PLACES for word in around):
            return "void"
        if strange and not record.device_words:
            return "weak"
    return "as_is"
