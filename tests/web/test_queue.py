"""The queue: a judgement of many with exceptions, what is new, what an address asks for that nobody knows, and what is alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("uvicorn")

from browsers import Browser, do_here, entered, hidden, linked, opened, words, workbench
from cases_ready import ready_case, ready_scan
from scan_samples import scan_bytes

from proscribe.app.case.cases import open_cases
from proscribe.model.decisions import Outcome
from proscribe.web.application import Workbench
from proscribe.web.pages.cases import counted_at

Made = tuple[Workbench, Browser]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Made]:
    with workbench(str(tmp_path / "cases.db"), person="R. Ito") as made:
        yield made


def test_a_judgement_of_many_says_by_what_they_are_chosen(bench: Made) -> None:
    case_id, ids = ready_case(bench[0].settings.place)
    browser = entered(*bench)
    chosen = "They are chosen by"
    asked = {
        f"?finding={ids[0]}&finding={ids[1]}": f"{chosen} 2 findings that are named here.",
        f"?finding={ids[0]}&finding={ids[1]}&band=confirmed": f"{chosen} 2 findings that are named here, band confirmed.",
        "?band=confirmed": f"{chosen} band confirmed.",
        "": f"{chosen} nothing: these are all findings of the case.",
    }
    for query, says in asked.items():
        assert says in words(browser.get(f"/cases/{case_id}/judge{query}")), query


INVENTORY = """Tag,Item,Maker
A-1,MF286R router,ZTE
A-2,DS-2CD2T47G2-L camera,Hikvision
A-3,DHI-NVR5216-16P-I recorder,Dahua
A-4,DS-2CD2143G2-I,Hikvision
"""


def test_a_search_finds_what_begins_so_and_says_what_it_looked_for(bench: Made) -> None:
    browser = entered(*bench)
    case = opened(bench, [("list.csv", INVENTORY.encode())])
    found = {
        typed: set(re.findall(r"\b(MF286R|DS-2CD2T47G2-L|DHI-NVR5216-16P-I|DS-2CD2143G2-I)\b", shown.partition('id="filters"')[0]))
        for typed in (
            "MF286", "ds-2cd2t47", "DS2CD2", "2cd2143", "NVR5216-16P", "hikv camera", '"MF286"', '"mf286r"', "F286", "4", "5", "",
        )
        for shown in [browser.get(f"{case}/findings?text={quote(typed)}").text]
    }  # fmt: skip
    every = {"MF286R", "DS-2CD2T47G2-L", "DHI-NVR5216-16P-I", "DS-2CD2143G2-I"}
    assert found == {
        "MF286": {"MF286R"}, "ds-2cd2t47": {"DS-2CD2T47G2-L"}, "DS2CD2": {"DS-2CD2T47G2-L", "DS-2CD2143G2-I"},
        "2cd2143": {"DS-2CD2143G2-I"}, "NVR5216-16P": {"DHI-NVR5216-16P-I"}, "hikv camera": {"DS-2CD2T47G2-L"},
        '"MF286"': set(), '"mf286r"': {"MF286R"}, "F286": set(), "4": {"DS-2CD2143G2-I"}, "5": set(), "": every,
    }  # fmt: skip
    none = words(browser.get(f"{case}/findings?text=F286&band=confirmed"))
    assert (
        "No finding fits. Looked for a word that begins with “F286”, in what the record of a finding holds"
        in none
    )
    assert "among the findings that the filters leave" in none and "are not looked through" in none
    assert 'value="ds-2cd2t47"' in browser.get(f"{case}/findings?text=ds-2cd2t47").text  # as it was typed
    assert "Judge 1 finding" in words(browser.get(f"{case}/judge?text=mf28"))


VENDORS = """Vendor No,Vendor Name,Street,City,Payment terms
V-1,Hikvision USA Inc,18639 Railroad St,City of Industry,30 days
V-2,ZTE USA Inc,2425 N Central Expy,Richardson,30 days
V-3,Miller Paints,1 Main St,Dayton,14 days
"""


def test_a_judgement_of_many_says_how_many_are_vendors_and_what_that_means(bench: Made) -> None:
    browser = entered(*bench)
    case = opened(bench, [("list.csv", INVENTORY.encode()), ("vendor master.csv", VENDORS.encode())])
    shown = words(browser.get(f"{case}/judge"))
    assert "2 of them are firms in a list of vendors, and no things." in shown
    assert "what you bought or hired of it stays open, and papers ask about it" in shown
    assert "1 of them is a firm in a list of vendors" in words(
        browser.get(f"{case}/judge?firm=zte&text=Richardson")
    )
    assert "list of vendors" not in words(browser.get(f"{case}/judge?firm=dahua"))


def test_devices_are_found_by_beginnings_too(bench: Made) -> None:
    made, browser = bench[0], entered(*bench)
    case = opened(bench, [("list.csv", INVENTORY.encode())])
    browser.post(f"{case}/devices")
    do_here(made)
    shown = browser.get(f"{case}/devices")
    browser.post(f"{case}/devices", [("job", hidden(shown, "job"))])
    with open_cases(made.settings.place) as cases:
        names = {one.name for one in cases.devices(cases.case(case.rsplit("/", 1)[1]))}
    assert len(names) == 4
    assert "1 of 4 devices" in words(browser.get(f"{case}/devices?text=MF286"))
    assert "2 of 4 devices" in words(browser.get(f"{case}/devices?text=hikv"))
    none = words(browser.get(f"{case}/devices?text=NVR5%20zz"))
    assert "No device fits. Looked for words that begin with “NVR5 zz”, all of them, in names, labels" in none


def ids_on(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/findings/(f_[0-9a-f]+)", text.partition('id="filters"')[0])))


def test_what_is_ticked_is_left_out_and_exactly_the_rest_is_judged(bench: Made) -> None:
    browser = entered(*bench)
    case_id, ids = ready_case(bench[0].settings.place, 8)
    path = f"/cases/{case_id}/judge?band=confirmed"
    shown = browser.get(path)
    assert (
        shown.text.count('type="checkbox" form="say" name="without"') == 8
        and "Judge 8 findings" in shown.text
    )
    told = [("verdict", "unsure"), ("reason", "photographs are to come"), ("seen", hidden(shown, "seen"))]
    first = [("count", hidden(shown, "count")), ("digest", hidden(shown, "digest"))]
    less = browser.post(path, [*told, *first, ("without", ids[1]), ("without", ids[2]), ("do", "leave")])
    assert "Judge 6 findings" in less.text and "2 are left out, and 6 remain" in less.text
    assert (
        "photographs are to come" in less.text and 'value="unsure" checked' in less.text
    )  # what was typed stays
    assert hidden(less, "count") == "6" and hidden(less, "digest") != dict(first)["digest"]
    assert not set(ids[1:3]) & set(re.findall(r'name="without" id="w\d+" value="([^"]+)"', less.text))
    with open_cases(bench[0].settings.place) as cases:
        assert not cases.case(case_id).judgements  # nothing was judged by leaving out
    act = unescape(re.search(r'<form method="post" action="([^"]+/judge\?[^"]+)"', less.text)[1])  # type: ignore[index]
    second = [("count", hidden(less, "count")), ("digest", hidden(less, "digest")), ("without", ids[5])]
    done = browser.post(act, [*told, *second])  # one more is ticked and judged without it at once
    assert "5 findings were judged." in done.text and "3 were left out: " in done.text
    look = browser.get(unescape(re.search(r'left out: <a href="([^"]+)"', done.text)[1]))  # type: ignore[index]
    assert "3 findings<" in look.text and set(ids_on(look.text)) == {ids[1], ids[2], ids[5]}
    with open_cases(bench[0].settings.place) as cases:
        file = cases.case(case_id)
        assert {one.finding_id for one in file.judgements} == set(ids) - {ids[1], ids[2], ids[5]}
        assert cases.events(case_id)[-1].data["judgement"]["count"] == 5
        assert cases.store.verify() == []


def test_what_was_ticked_does_not_hide_that_other_findings_are_chosen_now(bench: Made) -> None:
    browser = entered(*bench)
    case_id, ids = ready_case(bench[0].settings.place, 4)
    shown = browser.get(f"/cases/{case_id}/judge?firm=dahua")
    told = [("verdict", "unsure"), ("reason", "to be looked at"), ("without", ids[0])]
    told += [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    wrong = browser.post(f"/cases/{case_id}/judge", told)  # of all findings, which nobody saw
    assert wrong.status == 409 and "E448" in wrong.text
    none = browser.post(f"/cases/{case_id}/judge?firm=dahua", [*told, *(("without", one) for one in ids)])
    assert none.status == 409 and "E448" in none.text
    with open_cases(bench[0].settings.place) as cases:
        assert not cases.case(case_id).judgements


def test_what_the_last_run_showed_first_is_a_facet_that_combines(bench: Made) -> None:
    browser, place = entered(*bench), bench[0].settings.place
    case_id, ids = ready_case(place, 6)
    queue = f"/cases/{case_id}/findings"
    alone = browser.get(f"{queue}?new=yes")
    assert "0 findings<" in alone.text and "Nothing was read before the last run" in alone.text
    assert "New since the last run" not in browser.get(queue).text
    with open_cases(place) as cases:
        cases.attach(case_id, ready_scan(4), "later.json", by="A. Setup")
    shown = browser.get(queue)
    assert "10 findings<" in shown.text and "New since the last run" in shown.text
    new = browser.get(queue + linked(shown, r"\?new=yes"))
    assert "4 findings<" in new.text and not set(ids) & set(ids_on(new.text))
    assert re.search(r"\?new=yes&amp;firm=dahua\">[^<]+</a> <small>2<", new.text)
    both = browser.get(f"{queue}?new=no&firm=dahua")
    assert "3 findings<" in both.text and set(ids_on(both.text)) <= set(ids)
    kept = browser.post(f"/cases/{case_id}/views?new=yes&firm=dahua", [("view", "New of Dahua")])
    assert "2 findings<" in kept.text and "New of Dahua" in kept.text
    assert "Judge 2 findings" in browser.get(f"/cases/{case_id}/judge?new=yes&firm=dahua").text


def test_what_an_address_asks_for_that_nobody_knows_is_said_with_the_way_without_it(bench: Made) -> None:
    browser = entered(*bench)
    case_id, ids = ready_case(bench[0].settings.place, 4)
    queue, judge = f"/cases/{case_id}/findings", f"/cases/{case_id}/judge"
    for asked, says, count in (
        ("sote=Bern", "Findings are not chosen by “sote”: it is left out.", 4),
        ("entity=hikvision", "Findings are not chosen by “entity”: it is left out.", 4),
        ("after=1-x", "No page begins after “1-x”: this is the first one.", 4),
        ("after=9-0", "No page begins after “9-0”: this is the first one.", 4),
        ("judged=maybe", "“judged” is yes or no, and not “maybe”: it is left out.", 4),
        ("firm=dahu", "No finding of this case has the firm “dahu”.", 0),
        ("finding=f_0", "This case holds no finding “f_0”.", 0),
        ("group=%3Cb%3E", "Findings are not gathered by “&lt;b&gt;”.", 4),
    ):
        shown = browser.get(f"{queue}?band=confirmed&{asked}")
        assert says in shown.text and f"{count} finding" in shown.text, asked
        without = unescape(re.search(r'role="alert">.*?<a href="([^"]+)">Without it', shown.text, re.S)[1])  # type: ignore[index]
        assert without == "?band=confirmed"
        clean = browser.get(f"{queue}{without}").text
        assert "4 findings<" in clean and 'role="alert"' not in clean
    assert "Findings are not chosen by “sote”" in browser.get(f"{judge}?sote=Bern").text
    many = browser.get(f"{queue}?{'&'.join(f'x{one}=1' for one in range(40))}").text
    assert "35 more are not known." in many
    for fine in (
        "",
        "?band=confirmed&verdict=(none)",
        f"?finding={ids[0]}&group=site&after=0-1&done=1&left={ids[0]}",
    ):
        assert 'role="alert"' not in browser.get(queue + fine).text, fine


def test_the_same_is_said_of_what_has_the_same_product(bench: Made) -> None:
    browser = entered(*bench)
    case_id, ids = ready_case(bench[0].settings.place, 7)
    one = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
    said = [("verdict", "unsure"), ("reason", "plate not seen yet"), ("version", hidden(one, "version"))]
    after = browser.post(one.path, said)
    assert after.text.count("Say the same of 3 more DS-2CD2042WD-I") == 1
    shown = browser.get(linked(after, rf"/cases/{case_id}/judge[^\"]+"))
    assert "Judge 3 findings" in shown.text and "plate not seen yet" in shown.text
    assert 'value="unsure" checked' in shown.text and ids[0] not in ids_on(shown.text)
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    act = unescape(re.search(r'<form method="post" action="([^"]+/judge\?[^"]+)"', shown.text)[1])  # type: ignore[index]
    assert "3 findings were judged." in browser.post(act, [*said[:2], *sent]).text
    last = browser.get(f"/cases/{case_id}/findings?was={ids[0]}")
    assert "Judged <strong>unsure" in last.text and "Say the same" not in last.text  # none is left


def test_what_was_set_aside_is_said_again_of_records_alone_that_say_the_same(bench: Made) -> None:
    browser, place = entered(*bench), bench[0].settings.place

    def row(
        number: int, maker: str, what: str, found: str = "Lorex", matcher: str = "brand"
    ) -> dict[str, object]:
        cells = [
            ["Txn", f"P{number}"],
            ["Merchant", maker],
            ["Purpose", what],
            ["Date", f"2026-03-{number + 10}"],
        ]
        signs = [{"matcher": "brand", "field": "Merchant", "found": "Lorex", "weight_mbit": 8000}]
        if found != "Lorex":
            signs.append({"matcher": matcher, "field": "Purpose", "found": found, "weight_mbit": 7000})
        return {
            "id": f"f_{number:020x}", "record_id": f"P{number}", "locator": {"row": number}, "entity": "lorex", "brand": "Lorex",
            "covered_through": ["lorex", "dahua"], "band": "possible", "record": cells, "evidence": signs,
        }  # fmt: skip

    findings = [
        row(1, "LOREX PHARMACEUTICA", "reference standards"),
        row(2, "LOREX", "camera for the gate"),
        row(3, "Lorex Pharmaceutica", "Reference standards"),
        row(4, "LOREX PHARMACEUTICA", "8 channel recorder, reference standards"),
        row(5, "LOREX PHARMACEUTICA", "reference standards", "LNR6108", "model_number"),
        {**row(6, "LOREX PHARMACEUTICA", "reference standards"), "band": "probable"},
        {
            **row(7, "LOREX PHARMACEUTICA", "reference standards"),
            "record": [*row(7, "LOREX PHARMACEUTICA", "reference standards")["record"], ["Item", "LNR6108"]],  # type: ignore[misc]
        },
    ]
    with open_cases(place, create=True) as cases:
        told = {"inputs": [{"path": "cards.csv", "records": 7}], "findings": findings}
        case_id = cases.open_from_scan(
            scan_bytes(told), "s.json", by="A. Setup", zone="UTC", title="Cards"
        ).case.id
    one = browser.get(f"/cases/{case_id}/findings/{findings[0]['id']}")
    said = [("verdict", "different"), ("reason", "a maker of medicines"), ("version", hidden(one, "version"))]
    after = browser.post(one.path, said)
    assert "Say the same of 1 more LOREX PHARMACEUTICA" in words(after)
    shown = browser.get(linked(after, rf"/cases/{case_id}/judge[^\"]+"))
    assert "Judge 1 finding" in shown.text and ids_on(shown.text) == [findings[2]["id"]]
    assert "Reference standards" in shown.text and 'value="different" checked' in shown.text
    # That a thing is of the maker raises no wrong answer: it is offered for all of the product.
    again = browser.get(f"/cases/{case_id}/findings/{findings[1]['id']}")
    same = [("verdict", "same"), ("reason", "plate seen"), ("version", hidden(again, "version"))]
    assert "Say the same of 4 more Lorex" in words(browser.post(again.path, same))


def test_what_somebody_judged_is_taken_back_by_them_alone_and_stays_in_the_history(bench: Made) -> None:
    browser, place = entered(*bench), bench[0].settings.place
    case_id, ids = ready_case(place, 6)
    with open_cases(place) as cases:
        cases.judge(case_id, ids[1], "same", by="Kim Berg", reason="plate seen")
    one = browser.get(f"/cases/{case_id}/findings/{ids[1]}")
    assert "Take “same” back" not in one.text  # somebody else said so
    theirs = re.findall(r"/judgements/(\d+)/back", one.text)
    assert not theirs
    with open_cases(place) as cases:
        theirs = [str(cases.store.last_judged(case_id))]
    refused = browser.post(f"/cases/{case_id}/judgements/{theirs[0]}/back")
    assert refused.status == 409 and "Kim Berg judged that" in refused.text and "--" not in refused.text
    said = [("verdict", "different"), ("reason", "a sticker only"), ("version", hidden(one, "version"))]
    after = browser.post(one.path, said)
    assert "Judged <strong>different" in after.text
    back = browser.post(linked(after, rf"/cases/{case_id}/judgements/\d+/back[^\"]*"))
    assert "1 finding is judged same again, as before" in back.text and back.path.startswith(one.path)
    assert "<s>different</s>: a sticker only" in back.text and "taken back by R. Ito" in back.text
    again = browser.post(linked(after, rf"/cases/{case_id}/judgements/\d+/back[^\"]*"))
    assert again.status == 404 and "E423" in again.text  # pressed twice
    with open_cases(place) as cases:
        assert cases.case(case_id).standing()[ids[1]].by == "Kim Berg"
    shown = browser.get(f"/cases/{case_id}/judge")
    sent = [(name, hidden(shown, name)) for name in ("count", "digest", "seen")]
    done = browser.post(
        f"/cases/{case_id}/judge", [("verdict", "unsure"), ("reason", "all to be seen"), *sent]
    )
    act = linked(done, rf"/cases/{case_id}/judgements/\d+/back[^\"]*")
    history = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
    assert "Take “unsure” back" in history.text
    many = browser.post(act)
    assert (
        "5 findings are judged by nobody again" in many.text and "1 finding is judged same again" in many.text
    )
    history = browser.get(f"/cases/{case_id}/findings/{ids[0]}")
    assert "with all 6 that were judged at once" in history.text and "Take “unsure” back" not in history.text
    with open_cases(place) as cases:
        assert {one.finding_id for one in cases.case(case_id).judgements} == {ids[1]}
        assert cases.store.verify() == []


def test_what_is_counted_as_not_covered_leads_to_all_that_is_counted_so(bench: Made) -> None:
    browser = entered(*bench)
    case_id, _ = ready_case(bench[0].settings.place, 2)
    with open_cases(bench[0].settings.place) as cases:
        places = counted_at(cases.case(case_id))
    assert places[Outcome.NOT_COVERED].endswith("?outcome=not_in_force&outcome=not_covered")
    assert Outcome.NOT_IN_FORCE not in places
    shown = browser.get(places[Outcome.NOT_COVERED])
    assert shown.status == 200 and "is unknown" not in shown.text
    assert re.search(r'value="not_in_force"[^>]*(checked|selected)|outcome=not_in_force', shown.text)
