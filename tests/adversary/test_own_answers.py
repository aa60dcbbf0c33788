"""Attacks through people's own words: what the record of a search, or a supplier's form, admits beside an answer that denies it.

Words that no list knows support nothing either: they are printed, and whoever approves reads them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proscribe.app.kb.firms import Firms
from proscribe.app.kb.plain_words import (
    is_plain_company,
    is_plain_search,
    is_plain_source,
    is_plain_title,
    plainly_asked,
)
from proscribe.app.papers.documents import Making, make_paper
from proscribe.app.papers.own_answers import admitted, is_of_product, words_to_read
from proscribe.app.scan.api import scan as scan_files
from proscribe.documents import render
from proscribe.documents.search import general
from proscribe.documents.words import shows_offers
from proscribe.kb.snapshot import open_knowledge
from proscribe.model.organisations import Organisation, Person
from proscribe.model.papers import (
    Inquiry,
    KnowledgeState,
    Offering,
    Paper,
    PaperInputs,
    PaperState,
    PersonAsked,
    Question,
    ScanInput,
    SourceNotSearched,
    SourceSearched,
)  # fmt: skip
from proscribe.model.scan_document import SCHEMA

DAY = date(2026, 11, 25)
LISTED = "Is there a camera that is not on the list?"


@pytest.fixture(scope="module")
def firms() -> Firms:
    return Firms.of(open_knowledge(()))


def searched(how: str, by: str = "B. Lind") -> Inquiry:
    return Inquiry((SourceSearched("Register", "assets", how, by, DAY),))


def asked(question: str, answer: str, on: date = DAY) -> Inquiry:
    return Inquiry(people=(PersonAsked(Person("T. Okafor"), on, question, answer),))


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, two Hikvision cameras in the lobby.", "Yes, one at the gate.", "Ja, im Foyer.", "I do not know.", "?", "-", "Maybe.",
        "No, except the routers at the mast.", "No. The recorder in the cellar is a Dahua.", "Nein, bis auf die am Tor.",
        "Non, sauf le portail.", "没有，除了大门的。", "declined to answer",
        "No, those in the hotel are Dahua.", "No, it's HIK.", "No, only Lorex.", "No 海康", "No, the app is Hik-Connect.", "No, the chip is a Hi3516.",
        "No. Yes.", "No question about it, there is one.", "No more than two.", "No (2).", "No - 2 pcs.", "Nope, just kidding.", "No?",
        "No, not counting the gate.", "No, minus the gate.", "Nein, nur die zwei im Lager.", "No. I did not see the second floor.", "No, I looked at nine of the ten.",
        "No, nearly all were checked.", "No, those are on another list.", "No, those are not on the list.", "No, it is being replaced.", "No, it is in a drawer.",
        "No, we peeled the labels off.", "No, to be confirmed.", "No, ask facilities.", "No one asked me.", "None of my business.", "No, there is no key to the cellar.",
        "No, I looked away.", "No, I checked the ones I could reach.", "No, the receipt is missing.", "No, listed under another name.", "No, I visited the site last year.",
        "Nein, alle sind in der Liste des Mieters.", "Not here.", "Same as last year.", "いいえ、二台だけ",
    ],
)  # fmt: skip
def test_an_answer_that_admits_or_leaves_open_stands(firms: Firms, answer: str) -> None:
    assert list(admitted(asked(LISTED, answer), firms))


def test_what_somebody_who_was_asked_admits_stands_against_the_document(tmp_path: Path) -> None:
    (tmp_path / "said.yml").write_text(
        "organisation: {name: Harbour Systems LLC}\nanswers: {provide: does not, use: does not}\ninquiry:\n"
        "  searched: [{name: Both sites, kind: site visit, how: walked, by: T. Okafor, on: 2026-11-25}]\n  people:\n"
        f"  - {{person: {{name: M. Diaz}}, asked_on: 2026-11-25, question: '{LISTED}', answer: 'Yes, a Dahua in the lobby.'}}\n"
    )
    made_at = datetime(2026, 11, 25, 15, tzinfo=UTC)
    making = Making(
        "annual-representation", (tmp_path / "said.yml",), as_of=DAY, made_at=made_at, author="B. Lind"
    )
    told = [one for one in make_paper(making).obstacles if one.code == "inquiry-admits"]
    assert {question for one in told for question in one.questions} == {"provide", "use"}
    assert all("Yes, a Dahua in the lobby." in one.what and one.overridable for one in told)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (LISTED, "No."),
        (LISTED, "No. The old recorder was handed to the recycler on 26 October; the receipt is filed."),
        (LISTED, "No, there is no Hikvision or Huawei equipment here."),
        ("Is everything that takes pictures on the list?", "Yes."),
        ("Did you walk both sites?", "Yes, on 19 November."),
        ("Who made the cameras at the gate?", "Axis made them."),
        (LISTED, "None."),
        (LISTED, "Nothing of the kind."),
        (LISTED, "没有。"),
        (LISTED, "No, I walked both floors on 19 November, and everything is on the list."),
        (LISTED, "No, there is no Hikvision, Dahua or Huawei equipment here."),
        (LISTED, "No, we only buy from Axis."),
        (LISTED, "Nein, alles steht in der Liste."),
        ("Have all Dahua been removed?", "Yes, in 2022."),
        ("How many Hikvision are left?", "0"),
    ],
)
def test_a_plain_answer_stands_against_nothing(firms: Firms, question: str, answer: str) -> None:
    assert not list(admitted(asked(question, answer), firms))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Have all Dahua been removed?", "No."),
        ("Were the cameras replaced?", "Not yet."),
        ("Isn't there a Hikvision left?", "Yes."),
        ("Is there a camera at all in the house that is not listed?", "Yes."),
        ("Is the list complete?", "No."),
        ("Did you look everywhere?", "No."),
        ("Is the restaurant free of Dahua?", "No."),
        ("Are all cameras Hikvision?", "Yes."),
        ("Do you use Hikvision?", "Of course."),
        ("How many are left?", "3 cameras"),
        ("Ist die Liste vollständig?", "Nein."),
        ("Was anything left out?", "Yes."),
        ("Has the Hikvision unit been unplugged?", "No."),
        ("Wurde die Hikvision-Kamera abgebaut?", "Nein."),
        ("Was the Hikvision recorder taken down?", "No."),
        ("Is it untrue that Hikvision cameras run here?", "No."),
        ("Did anyone deny that the Dahua recorder runs?", "No."),
        ("Do you disagree that Hikvision is in use?", "No."),
        ("Has Hikvision gear been out of use since 2020?", "No."),
        ("Do you use only Axis cameras?", "No."),
        ("Did the Dahua recorder matter?", "No."),
    ],
)
def test_an_answer_is_read_with_its_question(firms: Firms, question: str, answer: str) -> None:
    assert list(admitted(asked(question, answer), firms))


@pytest.mark.parametrize(
    "how",
    [
        "not searched", "skipped", "n/a", "unknown", "0", "scanned, except the lobby", "only the first 100 rows", "to be done next week",
        "nicht durchsucht", "Stichprobe", "n'a pas été lu", "抽查", "scan, without the Dahua ones", "scan, Hikvision removed before", "filtered to Axis and scanned",
        "scan of the first page", "read from memory", "ohne den Keller begangen", "looked at the door", "the usual way", "scan of last year's export", "scan; the Lorex were sold",
    ],
)  # fmt: skip
def test_a_search_that_was_none_in_its_own_words_stands(firms: Firms, how: str) -> None:
    assert list(admitted(Inquiry((SourceSearched("Register", "assets", how, "T. Okafor", DAY),)), firms))


@pytest.mark.parametrize(
    "how",
    [
        "scanned whole",
        "proscribe scan, every row",
        "walked with the list, each label read",
        "komplett gelesen",
        "searched for Hikvision, Dahua, Huawei, ZTE and Hytera, every row",
        "walked all floors and the roof, without exception",
        "every row",
        "inventory taken by hand",
        "asked the site manager and walked every floor",
    ],
)
def test_a_search_that_was_one_stands_against_nothing(firms: Firms, how: str) -> None:
    assert not list(admitted(Inquiry((SourceSearched("Register", "assets", how, "T. Okafor", DAY),)), firms))
    assert list(admitted(Inquiry((SourceSearched("Register", "assets", how, "nobody", DAY),)), firms))


@pytest.mark.parametrize(
    ("scope", "method"),
    [
        ("HQ only", ""),
        ("Everything that is ours; the landlord's Dahua is not", ""),
        ("", "The list was scanned. The hotel was left to next year."),
        ("", "The list was scanned after Hikvision rows were taken out."),
    ],
)
def test_scope_and_method_that_take_something_out_stand(firms: Firms, scope: str, method: str) -> None:
    assert list(admitted(Inquiry(scope=scope, method=method), firms))
    assert not list(
        admitted(
            Inquiry(scope="Everything at both sites", method="The lists were scanned, the sites walked."),
            firms,
        )
    )


@pytest.mark.parametrize(
    "how",
    [
        "Hikvisions remain in place", "scanned whole, HIK recorders kept", "all rows read, all removed bar the basement", "scanned, file truncated at row 500",
        "scanned whole; Hikvisions bleiben in Betrieb", "tout lu sauf le sous-sol", "todo escaneado, la grabadora vieja sigue enchufada",
        "tutto letto, il registratore di HIK resta acceso", "lido por completo; arquivo truncado na linha 500", "全部扫描；海康威视仍在使用", "全部检查，海康威视的录像机没有拆",
        "すべて確認、ダーファの録画機は動いている", "walked; the four domes over the dock are staying put", "scanned whole, the second sheet would not open",
        "scanned whole, two recorders were put back afterwards", "scanned all Axis rows", "scanned, though the reader balked at two files",
    ],
)  # fmt: skip
def test_what_words_on_a_search_say_beside_it_stands(firms: Firms, how: str) -> None:
    assert list(admitted(Inquiry((SourceSearched("Register", "assets", how, "T. Okafor", DAY),)), firms))


@pytest.mark.parametrize(
    "by",
    [
        "an intern who does not know cameras", "ein Praktikant", "Un stagiaire", "Becario", "不懂摄像机的实习生", "カメラを知らない研修生", "the vendor itself", "Hikvision's dealer",
        "whoever was there", "my nephew", "Unknown contractor", "T. Okafor (did not finish)", "J. Doe?", "the night guard, from memory",
    ],
)  # fmt: skip
def test_who_searched_and_is_nobody_to_answer_for_it_stands(firms: Firms, by: str) -> None:
    assert list(admitted(Inquiry((SourceSearched("Register", "assets", "scanned whole", by, DAY),)), firms))
    assert "Hikvision" in by or list(
        admitted(Inquiry(people=(PersonAsked(Person(by), DAY, LISTED, "No."),)), firms)
    )


@pytest.mark.parametrize(
    "by", ["B. Lind", "Facilities team", "Maria de la Cruz", "KPMG AG", "李伟", "J. van den Berg, Security"]
)
def test_who_is_named_stands_against_nothing(firms: Firms, by: str) -> None:
    assert not list(
        admitted(Inquiry((SourceSearched("Register", "assets", "scanned whole", by, DAY),)), firms)
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("scope", "Main building"), ("scope", "All sites bar Depot"), ("scope", "Siège de Lyon"), ("scope", "Everything bought after 2021"),
        ("scope", "All sites that have no Hikvision"), ("scope", "Tutte le sedi meno la cantina"), ("scope", "上海办公室"), ("method", "We trusted the installer."),
        ("method", "Everything was scanned; the basement we took on trust."), ("method", "Se leyeron las listas. Falta el sótano."),
        ("method", "The lists were scanned; three cameras were still there on Friday."), ("name", "Register without Hikvision"), ("name", "Register, page 1 of 3"),
    ],
)  # fmt: skip
def test_a_scope_method_or_name_that_is_less_than_all_stands(firms: Firms, field: str, text: str) -> None:
    assert list(admitted(_saying(field, text), firms))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("scope", "All sites and systems of the company"), ("scope", "Die ganze Firma, alle drei Werke"), ("scope", "公司所有场所"), ("name", "Bestandsliste"),
        ("method", "Asset lists, ledgers and network scans of every site were scanned, and each site was walked."), ("name", "Purchases 2019-2026"),
    ],
)  # fmt: skip
def test_a_scope_method_or_name_of_the_whole_stands_against_nothing(
    firms: Firms, field: str, text: str
) -> None:
    assert not list(admitted(_saying(field, text), firms))


PANEL = Offering("IP-Panel 7", part_number="KP-700", revision="D")


@pytest.mark.parametrize(
    "text", ["Product IP-Panel 7", "IP-Panel 7", "The whole product IP-Panel 7, revision D", "ip-panel 7, KP-700",
             "Das Produkt IP-Panel 7"],
)  # fmt: skip
def test_a_scope_that_is_the_product_of_the_certificate_is_the_whole_of_it(firms: Firms, text: str) -> None:
    assert not list(admitted(Inquiry(scope=text), firms, PANEL))
    inquiry = Inquiry(scope=text)
    assert is_of_product(text, firms, PANEL)
    assert not list(words_to_read(inquiry, (), others=True, of_product=True))
    # of a company it is less than all, unless it says that it is all, and the reason is said
    told = list(admitted(inquiry, firms))
    assert not told if "whole" in text else "it does not say that it is all" in told[0]


@pytest.mark.parametrize(
    ("text", "offering"),
    [
        ("IP-Panel 7 without its radio", PANEL), ("Part of IP-Panel 7", PANEL), ("Housing of IP-Panel 7", PANEL), ("IP-Panel 70", PANEL),
        ("IP-Panel 7 (?)", PANEL), ("IP-Panel 7; the display is not ours", PANEL), ("IP-Panel 7 except the modem", PANEL), ("Product", PANEL),
        ("IP-Panel 7 in 2021", PANEL), ("Dahua board", replace(PANEL, name="Dahua board")), ("Panels without radio", replace(PANEL, name="Panels without radio")),
        ("All but the gate", replace(PANEL, name="All but the gate")), ("D", PANEL), ("Product IP-Panel 7", replace(PANEL, name="IP-Panel 8")),
        ("Nothing", replace(PANEL, name="")),
    ],
)  # fmt: skip
def test_a_scope_that_says_more_or_less_than_the_product_stands_with_why(
    firms: Firms, text: str, offering: Offering
) -> None:
    (told,) = admitted(Inquiry(scope=text), firms, offering)
    assert told.startswith(f"its scope says: {text} (") and told.endswith(")")


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("scope", "Covered equipment of Huawei and ZTE; main campus and clinics", "it names a maker, as if that one alone had been looked for"),
        ("scope", "All sites bar Depot", "is less than all"), ("scope", "Main building", "it does not say that it is all"),
        ("method", "We trusted the installer.", "it says more than how it was searched"),
    ],
)  # fmt: skip
def test_what_stands_against_a_scope_or_method_says_why(
    firms: Firms, field: str, text: str, why: str
) -> None:
    (told,) = admitted(_saying(field, text), firms)
    assert why in told


def _saying(field: str, text: str) -> Inquiry:
    name = text if field == "name" else "Register"
    source = SourceSearched(name, "assets", "scanned whole", "T. Okafor", DAY)
    return Inquiry(
        (source,), scope=text if field == "scope" else "", method=text if field == "method" else ""
    )


@pytest.mark.parametrize(
    "inquiry",
    [
        searched("read the parts I was told to read"), searched("every row, once the attic was set aside"), searched("scanned; legal asked me to stop"),
        searched("全部扫描，仓库另算"), searched("walked with the list, each label read", "Night shift robot 3"), searched("scanned whole (?)"),
        asked(LISTED, "No, that I would put my name to."), asked("Leaving the dock aside, is there a camera that is not on the list?", "No."),
        asked("Is there a camera that is not on the list in the part you run?", "No."), asked("Is everything on the list?", "Yes, everything that has a tag."),
        Inquiry(scope="All sites that answered our mail"), Inquiry(method="We ran the tool on what IT cleared."),
    ],
)  # fmt: skip
def test_words_that_are_no_plain_statement_are_to_be_read(inquiry: Inquiry) -> None:
    assert len(list(words_to_read(inquiry, ("B. Lind",), others=True))) == 1


@pytest.mark.parametrize(
    "inquiry",
    [
        searched("scanned whole"), searched("proscribe scan, every row"), searched("walked every floor, each label read", "Maria de la Cruz"), searched("toutes les lignes lues"),
        asked(LISTED, "No."), asked("Is everything on the list?", "Yes."), Inquiry(scope="All sites and systems of the company"), Inquiry(method="Every list was scanned whole."),
    ],
)  # fmt: skip
def test_a_plain_statement_is_no_word_to_be_read(inquiry: Inquiry) -> None:
    assert not list(words_to_read(inquiry, ("B. Lind", "T. Okafor"), others=True))


def _with_scan(folder: Path, how: str, approver: str) -> Paper:
    (folder / "assets.csv").write_text(
        "Asset ID,Manufacturer,Model,Serial number\nA1,Axis,P3245-LV,B8A44F1122AA\n"
    )
    (folder / "scan.json").write_bytes(scan_files([folder / "assets.csv"], as_of=DAY).to_json().encode())
    (folder / "said.yml").write_text(
        "organisation: {name: Harbour Systems LLC, contacts: [{name: B. Lind}]}\npeople: [{name: B. Lind, title: Compliance officer}]\ninquiry:\n  searched:\n"
        f"  - {{name: Register, kind: assets, how: '{how}', by: B. Lind, on: 2026-11-25}}\n"
        "  - {name: Offers, kind: offers, how: read whole, by: B. Lind, on: 2026-11-25}\n"
    )
    made_at = datetime(2026, 11, 25, 15, tzinfo=UTC)
    return make_paper(
        Making(
            "annual-representation", (folder / "said.yml",), as_of=DAY, made_at=made_at, author="B. Lind",
            approver=approver, scans=(folder / "scan.json",),
        )
    )  # fmt: skip


def test_words_stand_against_a_document_that_nobody_else_reads_and_are_printed_where_somebody_does(
    tmp_path: Path,
) -> None:
    how = "every row of what Bob sent over"
    alone = _with_scan(tmp_path, how, "")
    assert alone.state is PaperState.REFUSED and {one.code for one in alone.obstacles} == {"words-alone"}
    told = _with_scan(tmp_path, how, "C. Moreau")
    # no scan shows what is offered, so that a plain statement is read as well
    assert told.state is PaperState.READY
    assert [text.partition(" (")[0] for text in told.data["words"]] == ["Register", "Offers"]
    page = render(told, "md").decode()
    assert page.count(how) > 1 and "By approving, C. Moreau says that they read these words" in page
    assert _with_scan(tmp_path, "scanned whole", "").state is PaperState.READY


@pytest.mark.parametrize(
    ("kind", "shows"),
    [
        ("offers", True),
        (" Offers", True),
        ("asset list", False),
        ("other", False),
        ("Assets", False),
        ("catalog walk", False),
    ],
)
def test_a_kind_of_search_that_is_not_known_shows_nothing_of_what_is_sold(kind: str, shows: bool) -> None:
    assert shows_offers(SourceSearched("Register", kind, "scanned whole", "T. Okafor", DAY)) is shows


@pytest.mark.parametrize(
    ("inquiry", "code"),
    [
        (Inquiry(not_searched=(SourceNotSearched("Cellar", "locked", (Question.CONTAIN,)),)), "not-searched"),
        (asked("Is everything on the list?", "Yes.", date(2027, 1, 1)), "inquiry-contradicted"),
        (Inquiry(from_on=date(2026, 11, 2), to_on=date(2027, 3, 1)), "inquiry-contradicted"),
    ],
)  # fmt: skip
def test_what_the_record_of_a_search_tells_beside_its_words_is_held_against_it(
    inquiry: Inquiry, code: str
) -> None:
    scan = {
        "schema": SCHEMA, "as_of": str(DAY), "summary": {"records": 1}, "findings": [],
        "inputs": [{"path": "assets.csv", "records": 1, "sha256": "b" * 64}],
    }  # fmt: skip
    inputs = PaperInputs(
        Organisation("Harbour Systems LLC"), DAY, datetime(2026, 11, 25, 15, tzinfo=UTC), KnowledgeState("1", "c" * 64), scans=(ScanInput(scan),)
    )  # fmt: skip
    assert code in {one.code for one in general(replace(inputs, inquiry=inquiry), Question.USE)}
    assert code not in {one.code for one in general(inputs, Question.USE)}


def paper_of(folder: Path, title: str) -> Paper:
    (folder / "said.yml").write_text(
        "organisation: {name: Harbour Systems LLC}\nanswers: {provide: does not, use: does not}\n"
        f"signer: {{name: T. Okafor, title: '{title}'}}\n",
        encoding="utf-8",
    )
    made_at = datetime(2026, 11, 25, 15, tzinfo=UTC)
    return make_paper(
        Making("annual-representation", (folder / "said.yml",), as_of=DAY, made_at=made_at, author="B. Lind")
    )


@pytest.mark.parametrize(
    "title",
    ["Director, Harrow HQ only", "answering for the depot alone", "did not read this", "CIO, as far as I know", "Owner, not for the cameras",
     "Geschäftsführer, nur Werk 2", "Directeur, sauf le dépôt", "社長（本社のみ）", "keeper of the Hikvision cameras"],
)  # fmt: skip
def test_a_title_that_limits_what_is_signed_stands(tmp_path: Path, title: str) -> None:
    told = paper_of(tmp_path, title).obstacles
    assert any(one.code == "people-say" and title in one.what for one in told)


@pytest.mark.parametrize(
    "title",
    ["Vice President, Supply Chain", "Head of Facilities (North)", "Outside Counsel", "Director, not-for-profit programmes", "Not-for-profit lead", "Sin Ming Liaison",
     "Assistant (part time)", "Site Manager, Tampa"],
)  # fmt: skip
def test_a_plain_title_stands_against_nothing(tmp_path: Path, title: str) -> None:
    assert not any(one.code == "people-say" for one in paper_of(tmp_path, title).obstacles)


@pytest.mark.parametrize(
    ("question", "good"),
    [
        ("Is there a camera, radio or router that is not on the list?", False), ("Do we use any phone or modem that is not on our list?", False),
        ("Is the list complete?", True), ("Ist die Liste vollständig?", True), ("Is there a camera, radio or router that is on the list?", None),
        ("Is there another camera that is not on the list?", None), ("Is anything missing from the list but the known cameras?", None),
        ("Are all cameras not on the list?", None), ("Is there a camera that is not on the list? Really?", None),
    ],
)  # fmt: skip
def test_a_question_is_plain_in_a_known_form_alone(question: str, good: bool | None) -> None:
    assert plainly_asked(question) is good


_FORM = ["is", "there", "a", "camera", "that", "is", "not", "on", "the", "list"]
_PUT_IN = st.sampled_from(
    [
        "not",
        "no",
        "never",
        "only",
        "known",
        "other",
        "another",
        "still",
        "in",
        "red",
        "old",
        "the",
        "site",
        "we",
        "missing",
        "gone",
        "untrue",
        "but",
    ]
)


@given(st.integers(0, len(_FORM)), _PUT_IN)
def test_a_word_put_into_a_plain_question_leaves_none(place: int, word: str) -> None:
    assert plainly_asked(" ".join([*_FORM[:place], word, *_FORM[place:]])) is None


@given(st.sets(st.sampled_from([0, 1, 3, 4, 5, 6, 7, 8, 9]), min_size=1))
def test_a_word_taken_from_a_plain_question_leaves_none(gone: set[int]) -> None:
    assert plainly_asked(" ".join(word for place, word in enumerate(_FORM) if place not in gone)) is None


_BESIDE = st.sampled_from(
    [
        "no",
        "net",
        "sample",
        "draft",
        "of 2019",
        "less",
        "889",
        "not",
        "(",
        "ex cameras",
        "unaudited",
        "read none of it",
        "clean",
    ]
)


@given(_BESIDE, st.booleans())
def test_a_word_beside_a_plain_name_or_title_has_it_read(word: str, before: bool) -> None:
    def beside(text: str) -> str:
        return f"{word} {text}" if before else f"{text} {word}"

    assert is_plain_title("Compliance officer") and not is_plain_title(beside("Compliance officer"))
    assert is_plain_source("List of assets") and not is_plain_source(beside("List of assets"))
    assert not is_plain_company(beside("Harbour Systems LLC"), any_form=False)


@pytest.mark.parametrize(
    "how",
    [
        "page read",
        "walked the floor, read whole",
        "walked all rooms with labels",
        "walked the whole building",
    ],
)
def test_a_search_of_a_part_of_a_whole_is_not_plain(how: str) -> None:
    assert not is_plain_search(how)


def test_a_file_that_was_scanned_is_plain_by_its_own_name_unless_it_is_of_long_ago() -> None:
    since = date(2026, 8, 27)
    assert is_plain_source("asset-register-2026-10-15.csv", of_file_since=since)
    for name in (
        "asset-register-2019-10-15.csv",
        "assets_net_of_889.csv",
        "assets-1-of-3.csv",
        "ledger-2021.csv",
    ):
        assert not is_plain_source(name, of_file_since=since)


@pytest.mark.parametrize("kind", ["rumour", "memory", "none"])
def test_a_search_of_no_known_kind_is_read(kind: str) -> None:
    source = SourceSearched("Register", kind, "scanned whole", "B. Lind", DAY)
    assert len(list(words_to_read(Inquiry((source,)), ("B. Lind",), others=False))) == 1


def test_each_search_and_answer_of_long_ago_is_named_beside_newer_ones() -> None:
    old = date(2019, 1, 1)
    searches = tuple(
        SourceSearched(name, "site visit", "walked whole", "B. Lind", day)
        for name, day in (("Depot", old), ("Office", old), ("Office", DAY), ("Plant", DAY))
    )
    inquiry = Inquiry(searches, people=(PersonAsked(Person("T. Okafor"), old, LISTED, "No."),))
    inputs = PaperInputs(
        Organisation("Harbour Systems LLC"), DAY, datetime(2026, 11, 25, 15, tzinfo=UTC), KnowledgeState("1", "c" * 64), inquiry=inquiry
    )  # fmt: skip
    told = [one.what for one in general(inputs, Question.USE) if one.code == "search-old"]
    assert [what.split(" was ")[0] for what in told] == ["Depot", "T. Okafor"]
