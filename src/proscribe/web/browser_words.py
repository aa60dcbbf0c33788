"""What a browser calls itself, in words that its user knows it by."""

from __future__ import annotations

#: Marks of a `User-Agent` and what they stand for, each before those that others carry too: every browser calls itself Mozilla.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_words(said: str) -> str:
    """Say which browser on which system a `User-Agent` names, such as `Firefox on Windows`.

    Nothing else of it is kept; anybody can send another, so that it is a help to memory and no proof.
    """
    browser, system = (
        next((words for mark, words in known if mark in said), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return f"{browser or 'Another browser'} on {system}" if system else browser or "Another browser"
