"""Programs at `/api/v1`: what they ask and get, who may, and that nothing that is sent makes it fall over."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

from browsers import Browser, do_here, entered, workbench
from cases_ready import ready_case
from programs import PROBLEM, ROOT, Program

from proscribe.app.case.cases import open_cases
from proscribe.app.keys import accounts
from proscribe.model.accounts import Role
from proscribe.web.api.application import OPERATIONS
from proscribe.web.application import Workbench


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Browser, str, list[str]]]:
    place = str(tmp_path_factory.mktemp("api") / "cases.db")
    case_id, ids = ready_case(place, 7)
    with workbench(place, person="R. Ito", rates={"token": "100000 per minute"}) as (bench, browser):
        yield bench, browser, case_id, ids


def program(
    made: tuple[Workbench, Browser, str, list[str]], role: Role = Role.ANALYST, case_id: str = ""
) -> Program:
    with open_cases(made[0].settings.place) as cases:
        secret, _ = accounts.make_token(cases.store, "a test", role, by=ROOT, case_id=case_id)
    return Program(made[1], secret)


def test_a_program_walks_findings_judges_and_asks_the_law(
    made: tuple[Workbench, Browser, str, list[str]],
) -> None:
    place = made[0].settings.place
    case_id, ids = ready_case(place, 7)
    asked = program(made)
    assert case_id in [one["id"] for one in asked.get("/cases")[1]["cases"]]
    seen, after = [], ""
    while after is not None:
        status, page = asked.get(f"/cases/{case_id}/findings?limit=3&after={after}")
        assert status == 200 and page["total"] == 7
        seen += [one["id"] for one in page["findings"]]
        after = page["after"]
    assert seen == ids
    assert asked.get(f"/cases/{case_id}/counts?firm=dahua")[1]["counts"]["firm"] == {"dahua": 4}
    whole = asked.get(f"/cases/{case_id}/findings/{ids[0]}")[1]
    said = {"verdict": "same", "reason": "plate seen", "version": whole["case_version"]}
    path = f"/cases/{case_id}/findings/{ids[0]}/judgements"
    assert asked.call("POST", path, said)[0] == 200
    status, late = asked.call("POST", path, {**said, "verdict": "different"})
    assert status == 409 and late["code"] == "E422"
    product = next(iter(asked.get(f"/cases/{case_id}/counts")[1]["counts"]["product"]))
    one = asked.call("POST", f"/cases/{case_id}/judgements/preview", {"product": [product or "(none)"]})
    assert one[0] == 200 and one[1]["count"] > 0
    where = {"firm": ["hikvision"]}
    shown = asked.call("POST", f"/cases/{case_id}/judgements/preview", where)[1]
    many = {"where": where, "verdict": "unsure", "reason": "to be photographed"}
    many |= {name: shown[name] for name in ("count", "digest", "seen")}
    assert asked.call("POST", f"/cases/{case_id}/judgements", {**many, "where": {}})[0] == 409
    assert asked.call("POST", f"/cases/{case_id}/judgements", many)[0] == 200
    assert asked.call("POST", f"/cases/{case_id}/judgements", many)[0] == 409
    rest = {"firm": ["dahua"], "without": [ids[2]]}
    shown = asked.call("POST", f"/cases/{case_id}/judgements/preview", rest)[1]
    assert shown["count"] == 3 and ids[2] not in shown["first"]
    many |= {"where": rest, **{name: shown[name] for name in ("count", "digest", "seen")}}
    assert asked.call("POST", f"/cases/{case_id}/judgements", many)[0] == 200
    assert asked.get(f"/cases/{case_id}/findings/{ids[2]}")[1]["verdict"] == ""
    (mine,) = asked.get(f"/cases/{case_id}/findings/{ids[4]}")[1]["judgements"]
    status, back = asked.call(
        "POST", f"/cases/{case_id}/judgements/{mine['seq']}/back", {"reason": "too early"}
    )
    assert status == 200 and back["stands"] == {"": 2, "same": 1} and back["many"]["count"] == 3
    held = asked.get(f"/cases/{case_id}/findings/{ids[4]}")[1]
    assert held["verdict"] == "" and held["taken_back"][0]["reason"] == "too early" and not held["judgements"]
    assert asked.call("POST", f"/cases/{case_id}/judgements/{mine['seq']}/back", {})[0] == 404
    assert asked.get(f"/cases/{case_id}/findings?new=yes")[1]["total"] == 0  # nothing was read before
    assert asked.get(f"/cases/{case_id}/findings?new=no&finding={ids[2]}")[1]["total"] == 1
    with open_cases(place) as cases:
        assert {one.by for one in cases.case(case_id).judgements} == {"R. Ito"}
        (entry,) = [one for one in accounts.access_log(cases.store).entries if one.about.endswith(ids[0])]
        assert entry.by.startswith("R. Ito (token ") and entry.what == "api.finding"
    for path in ("mentions", "documents", "customers", "runs", "law"):
        assert asked.get(f"/cases/{case_id}/{path}")[0] == 200
    assert asked.get("/jobs")[0] == 200
    status, job = asked.call("POST", f"/cases/{case_id}/law", {"answers": [], "situation": "own"})
    assert (status, job["kind"], job["state"]) == (200, "law", "queued")
    assert (
        asked.call("POST", f"/cases/{case_id}/law", {"situation": "own"})[1]["id"] == job["id"]
    )  # asked twice
    assert asked.get(f"/cases/{case_id}/jobs/{job['id']}")[1]["id"] == job["id"]
    other, _ = ready_case(place, 3)
    assert asked.get(f"/cases/{other}/jobs/{job['id']}")[0] == 404
    assert asked.call("POST", f"/cases/{case_id}/law", {"situation": "nowhere"})[0] == 422


def test_a_program_has_what_takes_a_key_wait_for_its_person_and_says_how_a_finding_is_known(
    made: tuple[Workbench, Browser, str, list[str]],
) -> None:
    place = made[0].settings.place
    case_id, ids = ready_case(place, 4)
    asked = program(made)
    said = {"verdict": "different", "reason": "another maker's"}
    waits = f"/cases/{case_id}/pending"
    status, one = asked.call("POST", waits, {"deed": "judge", "finding": ids[0], "said": said})
    assert status == 200 and one["words"].startswith(f"judge {ids[0]} different") and one["by"] == "R. Ito"
    shown = asked.call("POST", f"/cases/{case_id}/judgements/preview", {"firm": ["dahua"]})[1]
    many = {"deed": "judge_many", "where": {"firm": ["dahua"]}, "said": said, **shown}
    many.pop("first")
    status, two = asked.call("POST", waits, many)
    assert status == 200 and two["words"].startswith("judge 2 findings different")
    assert asked.call("POST", waits, {**many, "count": 3})[1]["code"] == "E448"
    for lacking in (
        {"deed": "judge", "finding": ids[0]},
        {"deed": "judge_many", "said": said},
        {"deed": "sign"},
    ):
        assert asked.call("POST", waits, lacking)[1]["code"] == "E508"
    assert asked.call("POST", waits, {"deed": "decide", "record": "D1"})[1]["code"] == "E423"
    assert [item["id"] for item in asked.get(waits)[1]["waiting"]] == [one["id"], two["id"]]
    left = asked.call("POST", f"{waits}/{one['id']}/drop")[1]["waiting"]
    assert [item["id"] for item in left] == [two["id"]]
    other, _ = ready_case(place, 2)
    assert asked.call("POST", f"/cases/{other}/pending/{two['id']}/drop")[1]["code"] == "E416"
    known = asked.get(f"/cases/{case_id}/findings/{ids[1]}/known")[1]
    assert known["path"] == "assets.csv" and known["said"] == [] and known["job"] is None
    asked.call(
        "POST", f"/cases/{case_id}/findings/{ids[1]}/judgements", {"verdict": "same", "reason": "seen"}
    )
    (held,) = asked.get(f"/cases/{case_id}/findings/{ids[1]}/known")[1]["said"]
    assert held["shown_by"] == "name" and held["judgement"]["verdict"] == "same"


def test_a_report_is_made_by_a_job_and_fetched(made: tuple[Workbench, Browser, str, list[str]]) -> None:
    place = made[0].settings.place
    case_id, _ = ready_case(place, 3)
    asked = program(made)
    status, job = asked.call("POST", f"/cases/{case_id}/reports", {"form": "json"})
    assert (status, job["kind"], job["state"]) == (200, "report", "queued")
    assert (
        asked.call("POST", f"/cases/{case_id}/reports", {"form": "json"})[1]["id"] == job["id"]
    )  # asked twice
    assert asked.get(f"/cases/{case_id}/reports/{job['id']}")[1]["code"] == "E477"  # not made yet
    do_here(made[0])
    status, held = asked.get(f"/cases/{case_id}/reports/{job['id']}")
    content = base64.b64decode(held["content"])
    assert status == 200 and hashlib.sha256(content).hexdigest() == held["sha256"]
    assert len(json.loads(content)["findings"]) == 3
    other, _ = ready_case(place, 2)
    assert asked.get(f"/cases/{other}/reports/{job['id']}")[0] == 404
    assert asked.call("POST", f"/cases/{case_id}/reports", {"form": "pdf"})[1]["code"] == "E192"
    assert asked.call("POST", f"/cases/{case_id}/reports", {"formats": "json"})[1]["code"] == "E508"


def test_a_cursor_of_another_filter_or_case_is_refused(
    made: tuple[Workbench, Browser, str, list[str]],
) -> None:
    case_id = made[2]
    other, _ = ready_case(made[0].settings.place, 5)
    asked = program(made)
    after = asked.get(f"/cases/{case_id}/findings?limit=2")[1]["after"]
    for path in (
        f"/cases/{case_id}/findings?firm=dahua&after={after}",
        f"/cases/{case_id}/findings?run=1&after={after}",
        f"/cases/{other}/findings?after={after}",
    ):
        status, told = asked.get(path)
        assert status == 422 and told["code"] == "E508"
    for damaged in (after[:-2], "x", "%00", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA.abc", "=", "²"):
        assert (
            asked.call(
                "GET", f"/cases/{case_id}/findings?after={damaged if damaged.isascii() else '%C2%B2'}"
            )[0]
            == 422
        )


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.name)
def test_an_operation_is_for_its_role_alone(
    made: tuple[Workbench, Browser, str, list[str]], one: Any
) -> None:
    bench, browser, case_id, ids = made
    path = one.path.format(case_id=case_id, finding_id=ids[0], job_id="J-1", seq=1, pending_id="P-1")
    body: dict[str, str] | None = {} if one.method == "POST" else None
    for token in ("", "pro_guessed", "x" * 5_000):
        status, told = Program(browser, token).call(one.method, path, body)
        assert status == 401 and set(told) == PROBLEM
    if one.role is Role.ANALYST:
        status, told = program(made, Role.VIEWER).call(one.method, path, body)
        assert (status, told["code"]) == (403, "E506")
    other, _ = ready_case(bench.settings.place, 2) if "{case_id}" in one.path else ("", [])
    if other:
        status, told = program(made, Role.ANALYST, other).call(one.method, path, body)
        assert (status, told["code"]) == (404, "E423")
    if one.name == "list_cases":
        assert [item["id"] for item in program(made, Role.VIEWER, case_id).get(path)[1]["cases"]] == [case_id]


@pytest.mark.parametrize("one", [one for one in OPERATIONS if "{" in one.path], ids=lambda one: one.name)
def test_a_thing_by_a_guessed_id_is_not_found_and_that_is_written_down(
    made: tuple[Workbench, Browser, str, list[str]], one: Any
) -> None:
    place = made[0].settings.place
    _, others = ready_case(place, 2)
    own_case = "{finding_id}" in one.path or "{job_id}" in one.path
    path = one.path.format(
        case_id=made[2] if own_case else "C-7777",
        finding_id=others[0],
        job_id="J-0777",
        seq=1,
        pending_id="P-7",
    )
    body = {
        "judge": {"verdict": "same", "reason": "plate seen"},
        "judge_many": {
            "where": {},
            "verdict": "same",
            "reason": "plate",
            "count": 2,
            "digest": "0" * 64,
            "seen": 0,
        },
        "ask_for_key": {"deed": "decide", "record": "D1"},
        "set_aside": {"reason": "a trial"},
        "stand_again": {"reason": "ours"},
        "answer_law": {"answers": {}},
        "try_answers": {"answers": [{"applies_to": "case", "fact": "use.by", "answer": "the_entity"}]},
    }.get(one.name, {})
    status, told = program(made).call(one.method, path, body if one.method == "POST" else None)
    assert status == 404 and told["code"] in ("E423", "E439", "E475"), told
    with open_cases(place) as cases:
        newest = accounts.access_log(cases.store).entries[0]
    assert (newest.what, newest.about, newest.outcome) == (f"api.{one.name}", f"/api/v1{path}", "missing")


def test_a_session_of_a_browser_and_a_token_that_ended_open_nothing(
    made: tuple[Workbench, Browser, str, list[str]], tmp_path: Path
) -> None:
    place = str(tmp_path / "cases.db")
    ready_case(place, 2)
    with workbench(place, person="R. Ito") as (bench, browser):
        entered(bench, browser)
        assert browser.get("/api/v1/cases").status == 401
        shown = browser.get("/administration")
        assert shown.status == 200
        page = browser.post(
            "/administration/tokens", [("title", "ledger"), ("role", "viewer"), ("days", "1")]
        )
        secret = page.text.split("<code>pro_")[1].split("</code>")[0]
        asked = Program(browser, f"pro_{secret}")
        assert asked.get("/cases")[0] == 200
        assert f"pro_{secret}" not in browser.get("/administration").text
        assert f"pro_{secret}".encode() not in Path(place).read_bytes()
        assert browser.post("/administration/tokens/1/end").status == 200
        assert asked.get("/cases")[0] == 401
        for values in (
            [("title", "x"), ("role", "nobody"), ("days", "1")],
            [("title", "x"), ("role", "viewer"), ("days", "999")],
        ):
            assert browser.post("/administration/tokens", values).status == 422


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b"\xff", b'{"verdict":"same"}', b'{"verdict":"same","reason":1}', b"[" * 100_000,
             b'{"verdict":"same","verdict":"same","reason":"x"}', b'{"verdict":"unheard","reason":"x"}', b'{"verdict":"same","reason":"\\ud800"}'],
)  # fmt: skip
def test_what_is_no_record_is_said_and_changes_nothing(
    made: tuple[Workbench, Browser, str, list[str]], body: bytes
) -> None:
    bench, _, case_id, ids = made
    asked = program(made)
    with open_cases(bench.settings.place) as cases:
        before = cases.store.head().seq
        status, told = asked.call("POST", f"/cases/{case_id}/findings/{ids[1]}/judgements", body)
        assert status == 422 and told["code"] in ("E508", "E438")
        assert cases.store.head().seq == before


@pytest.mark.parametrize("path", ["/jobs/%0Aj", "/nothing"])
def test_an_address_that_there_is_not_is_answered_as_programs_read_it(
    made: tuple[Workbench, Browser, str, list[str]], path: str
) -> None:
    status, told = program(made).get(path)
    assert status == 404 and told["code"] == "E419"


def test_the_description_is_that_of_our_records(made: tuple[Workbench, Browser, str, list[str]]) -> None:
    status, told = Program(made[1], "").get("/openapi.json")
    assert status == 200 and told["openapi"].startswith("3.1")
    text = json.dumps(told)
    assert "HTTPValidationError" not in text and "#/$defs/" not in text
    for found in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert found in told["components"]["schemas"], found
    described = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    assert described == {(one.method, one.path) for one in OPERATIONS}


def test_no_call_that_can_be_made_up_makes_it_fall_over(
    made: tuple[Workbench, Browser, str, list[str]],
) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, settings

    bench, browser, case_id, ids = made
    with open_cases(bench.settings.place) as cases:
        token, _ = accounts.make_token(cases.store, "fuzz", Role.ANALYST, by=ROOT)
    base = f"http://{browser.host}/api/v1"
    described = schemathesis.openapi.from_url(f"{base}/openapi.json")
    checks = [
        getattr(schemathesis.checks, name)
        for name in (
            "not_a_server_error",
            "response_schema_conformance",
            "content_type_conformance",
            "status_code_conformance",
        )
        if hasattr(schemathesis.checks, name)
    ]
    deadline = threading.Event()
    timer = threading.Timer(35, deadline.set)
    timer.start()
    called = []
    try:
        for found in described.get_all_operations():
            operation = found.ok()

            @settings(
                max_examples=12, database=None, phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            def run(case: Any) -> None:
                if deadline.is_set():
                    return
                case.path_parameters = {
                    name: {"case_id": case_id, "finding_id": ids[2]}.get(name, value)
                    for name, value in (case.path_parameters or {}).items()
                }
                case.headers = {"Authorization": f"Bearer {token}"}
                answer = case.call(base_url=base)
                called.append(answer.status_code)
                assert answer.status_code < 500, answer.text
                case.validate_response(answer, **({"checks": checks} if checks else {}))

            from hypothesis import given

            given(case=operation.as_strategy())(run)()
    finally:
        timer.cancel()
    assert len(called) > 40
