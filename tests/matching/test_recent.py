"""A bounded memory keeps what is asked for, and lets the rest go."""

from hypothesis import given
from hypothesis import strategies as st

from proscribe.matching.recent import Recent


def test_what_is_asked_for_again_and_again_stays() -> None:
    memory: Recent[str, int] = Recent(10)
    memory.put("vendor", 1)
    for number in range(100):
        memory.put(f"row {number}", number)
        assert memory.get("vendor") == 1
    assert memory.get("row 0") is None
    assert memory.get("row 99") == 99


@given(st.lists(st.integers(0, 40)), st.integers(2, 12))
def test_it_never_holds_more_than_it_may_and_gives_what_was_put(keys: list[int], most: int) -> None:
    memory: Recent[int, str] = Recent(most, weigh=len)
    for key in keys:
        known = memory.get(key)
        assert known in (None, "x" * (key % 3 + 1))
        if known is None:
            assert memory.put(key, "x" * (key % 3 + 1)) == memory.get(key)
        # The value that fills a half may be heavier than what was left of it.
        assert len(memory) <= most
