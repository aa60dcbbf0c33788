"""Write docs/asking.md: the most common situations as they are asked by `proscribe ask`.

    python docs/make_transcripts.py

`tests/docs/test_transcripts.py` fails when the page and the program differ, or when a situation takes more than six answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from proscribe.app.rules.asking import MOST, Asked, Talk
from proscribe.app.rules.decide import Decider
from proscribe.app.rules.decisions import Interview
from proscribe.kb.snapshot import open_knowledge

PAGE = Path(__file__).parent / "asking.md"
DAY = date(2026, 11, 27)
#: Title and what a person types.
SITUATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("A Huawei router in one's own network", ("1", "Huawei router", "2026-11-26", "52.204-25 (NOV 2021)")),
    ("A Hikvision camera at one's own gate", ("1", "Hikvision camera", "public safety", "2026-11-26", "52.204-25 (NOV 2021)")),
    ("A Cisco switch in one's own network", ("1", "Cisco switch", "none")),
    ("An Axis camera sold to an agency", ("2", "Axis camera", "none")),
    ("An agency buys a Dahua camera", ("4", "Dahua camera", "government facility security")),
    ("A grant pays for a Hikvision camera", ("5", "Hikvision camera", "yes", "public safety")),
    ("A mobile service that roams", ("1", "mobile service", "other", "Huawei", "substantial or essential component", "roaming")),
    ("A subcontractor supplies a ZTE router", ("3", "ZTE router")),
    ("A reseller to private customers", ("8", "Hikvision camera", "2019-05-01", "none")),
    ("A 5G base station in the United Kingdom", ("9", "GB", "Huawei 5G base station", "yes", "no")),
)  # fmt: skip
#: The same, typed as people type: slips, other words, other languages.
TYPED: tuple[tuple[str, ...], ...] = (
    ("own", "huawai ruter", "yesterday", "far 52.204-25"),
    ("1", "camara hikvision", "seguridad publica", "ayer", "FAR 52.204-25"),
    ("we use it ourselves", "cisco switch", "prime contractor", "nope"),
    ("sell to federal agency", "axis cam", "no parts of those"),
    ("4", "Dahua Kamera", "gate of a federal building"),
    ("grant", "hikvision dome cam", "Yes, a USDA grant", "the police look at it"),
    ("1", "our cell phone plan", "other", "huawei", "no", "roaming abroad"),
    ("3", "zte modem"),
    ("8", "hikvison camera", "May 2019", "none of these"),
    ("9", "United Kingdom", "huawei 5g ran", "ja", "nein"),
)
#: The same once more, as badly typed as can be: other languages in one answer, amounts, blanks, and what is not known.
BADLY_TYPED: tuple[tuple[str, ...], ...] = (
    ("wir nutzen es selbst", "  HUAWEI-Router, 2 Stk.", "Prime Contractor", "gestern", "52.204-25 nov 2021"),
    ("自用, prime contractor", "hickvision kamera 4 MP", "polizei", "heute", "FAR 52.204-25"),
    ("uso propio", "Switch de Cisco 24 puertos", "prime contractor", "ninguna"),
    ("vendemos al gobierno", "12x axis dome cam", "keine"),
    ("federal agency buys", "大华摄像机 4MP", "regierungsgebäude"),
    ("ZUSCHUSS", "2x hikvsion 4 MP bullet cam", "si", "seguridad publica"),
    ("eigengebrauch als prime contractor", "mobile data plan, 20 GB", "dunno", "n/a", "k.A.", "不清楚"),
    ("subcontratista", "ZTE LTE-Modem 150 Mbit/s"),
    ("private customers only", "hikvison cam 3.6 mm", "05/2019", "none of these"),
    ("telco abroad", "UK", "华为 5G 基站", "是", "nein"),
)

_HEAD = f"""\
# Asking the law

`proscribe ask` puts a few questions about one thing and gives the answer once. It asks only what can change the answer; `?`
is not known, `back` takes the last answer back, and nothing stops it. What was answered is kept in a case file, which
`proscribe decide` reads. The ten situations below take at most {MOST} answers each.

Written by `python docs/make_transcripts.py`; do not edit. As of {DAY.isoformat()}. Not legal advice.
"""

_TYPED_HEAD = """\
Slips, other words and other languages are taken where they name what they mean, and said back in brackets; `back` takes one back.
What is denied, supposed or can mean two things is asked again, and no loose word stands for `none`, `neither` or `other`. The ten
situations again:"""


def played(talk: Talk, answers: Sequence[str]) -> list[tuple[Asked, str]]:
    """Answer questions from a list, until it ends or nothing is asked."""
    out: list[tuple[Asked, str]] = []
    while (asked := talk.question()) is not None and len(out) < len(answers):
        talk.answer(asked, answers[len(out)])
        out.append((asked, answers[len(out)]))
    return out


def typed_lines(rows: Sequence[Sequence[str]] = TYPED) -> Iterator[tuple[str, list[str]]]:
    """Play the situations as people type: what was typed, and how each answer was taken where it was not as typed."""
    snapshot = open_knowledge(())
    decider = Decider.of(snapshot)
    for answers in rows:
        talk = Talk(Interview(Path("no-such-case.yml"), decider, DAY), decider.firms)
        taken = []
        for text in answers:
            asked = talk.question()
            assert asked is not None, answers
            talk.answer(asked, text)
            taken.append(f"**{text}**" + (f" ({talk.taken})" if talk.taken else ""))
        (result,) = talk.decisions().results
        yield result.outcome.value.replace("_", " "), taken


def transcripts() -> Iterator[tuple[str, int, list[str]]]:
    """Play the situations: title, number of answers, lines."""
    snapshot = open_knowledge(())
    decider = Decider.of(snapshot)
    for title, answers in SITUATIONS:
        talk = Talk(Interview(Path("no-such-case.yml"), decider, DAY), decider.firms)
        said = played(talk, answers)
        lines = []
        for asked, text in said:
            chosen = dict(asked.choices).get(text, "")
            more = f" ({chosen})" if chosen and chosen != text and asked.name == "about" else ""
            lines += [f"- {asked.text} **{text}**{more}"]
        (result,) = talk.decisions().results
        lines += ["", f"Answer: **{result.outcome.value.replace('_', ' ')}**."]
        for item in result.deciding()[:1]:
            cited = f" by {item.citations[0]}" if item.citations and result.outcome.rank < 8 else ""
            until = f" until {item.until.isoformat()}" if item.until is not None else ""
            lines[-1] = lines[-1][:-1] + f"{until}{cited}."
            if item.presumed:
                lines += [f"Presumed until shown otherwise: {', '.join(item.presumed)}."]
            if item.missing and result.outcome.value == "undetermined":
                lines += [f"It hangs on: {', '.join(item.missing)}."]
            first = next((duty for duty in item.obligations if duty.due is not None), None)
            if first is not None and first.due is not None:
                lines += [f"Due: {first.title.lower()} by {first.due.isoformat()} ({first.citation})."]
        yield title, len(said), lines


def page() -> str:
    """Give the page."""
    parts = [_HEAD]
    for title, _, lines in transcripts():
        parts += [f"## {title}", "", *lines, ""]
    parts += ["## Typed as people type", "", _TYPED_HEAD, ""]
    parts += [f"- {'; '.join(taken)}: {outcome}" for outcome, taken in typed_lines()]
    parts += ["", "Once more, in three languages, with amounts and with what nobody knows:", ""]
    parts += [f"- {'; '.join(taken)}: {outcome}" for outcome, taken in typed_lines(BADLY_TYPED)]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
