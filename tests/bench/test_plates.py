"""The labelled set of type plates: what is in it, that it is always the same, and how its answers are judged."""

from __future__ import annotations

import io
from collections import Counter

import pytest

cv2 = pytest.importorskip("cv2")
pytest.importorskip("zxingcpp")

from PIL import Image  # noqa: E402
from plate_drawing import photograph, written  # noqa: E402
from plate_set import DAMAGES, LAYOUTS, SCRIPTS, devices, labels, shots  # noqa: E402
from plates import drawing, judged  # noqa: E402


def test_the_set_holds_what_it_says() -> None:
    made = list(shots())
    plates = [one for shot in made for one in shot.plates]
    assert sum(shot.kind == "plate" for shot in made) == 300
    assert {one.script for one in plates} == set(SCRIPTS) and {one.layout for one in plates} == set(LAYOUTS)
    assert {one.device.entity for one in plates if one.device.group == "five"} == {
        "hikvision", "dahua", "huawei", "zte", "hytera",
    }  # fmt: skip
    assert len({one.device.brand for one in plates if one.device.group == "other"}) >= 40
    assert {name for shot in made for name in shot.damages} == set(DAMAGES)
    assert {shot.kind for shot in made} == {"plate", "box", "advert", "denial", "wall", "prompt"}


def test_no_device_is_on_both_sides() -> None:
    sides = {side: set[tuple[str, str]]() for side in ("tune", "check")}
    for shot in shots():
        sides[shot.side] |= {(one.device.brand, one.device.model) for one in shot.plates}
    assert not sides["tune"] & sides["check"]
    assert min(map(len, sides.values())) >= 40


def test_a_picture_is_always_the_same_and_can_be_opened() -> None:
    shot = list(shots())[17]
    first = photograph(shot)
    assert first == photograph(list(shots())[17])
    with Image.open(io.BytesIO(first)) as picture:
        assert picture.size == (1280, 960)


def test_every_letter_of_the_set_can_be_drawn() -> None:
    for device in devices():
        assert written(device.what, 20, "aileron").any() and written(device.brand, 20, "rubik").any()


def test_each_picture_has_one_line_of_truth() -> None:
    made = list(shots())
    told = list(labels(made))
    assert [one["file"] for one in told] == [shot.name for shot in made]
    assert max(Counter(one["file"] for one in told).values()) == 1


def test_a_plate_is_judged_by_what_was_read_with_certainty() -> None:
    truth = {"model": "DS-2CD2143G2-I", "brand": "HIKVISION", "serial": "F123", "mac": "A2:00:00:00:00:01"}
    plate = {"model": "DS2CD2143G2 I", "serial": "F123", "mac": "A20000000001", "other words": "HIKVISION"}
    assert all(judged(truth, [("(type plates)", plate)]).values())
    told = judged(truth, [("(words in pictures)", {"unsure": "DS-2CD2143G2-I", "words": "HIKVISION"})])
    assert not any(told.values())
    assert judged(
        truth, [("(type plates)", {"model": "D5-2CD2143G2-I", "model as taken": "DS-2CD2143G2-I"})]
    )["model"]


def test_curves_say_their_figures_in_words() -> None:
    assert "blur 1.00, 0.90" in drawing({"blur": [1.0, 0.9, 0.5, 0.2, 0.0]})


def test_invoices_say_their_lines_in_three_forms() -> None:
    pytest.importorskip("typst")
    import invoices

    source, lines = invoices.invoice(8)
    assert source == invoices.invoice(8)[0] and all(invoices._safe(one.model) in source for one in lines)
    assert {invoices._side(number) for number in range(invoices.INVOICES)} == {"tune", "check"}
    assert invoices.INVOICES * len(invoices.FORMS) == 60
    one = min(range(invoices.INVOICES), key=lambda number: len(invoices.invoice(number)[1]))
    import typst

    pdf = typst.compile(invoices.invoice(one)[0].encode(), format="pdf", timestamp=0)
    made = {name: content for form in invoices.FORMS for name, content in invoices._as(form, one, pdf)}
    assert [content[:4] for content in made.values()] == [b"%PDF", b"%PDF", b"\xff\xd8\xff\xe0"]
