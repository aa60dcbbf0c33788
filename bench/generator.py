"""Ledgers of any length with known positives: same arguments, same bytes.

    python bench/generator.py --rows 1000000 --out DIR [--profile diverse|repetitive] [--positives 0.005]
                              [--seed 889] [--encoding utf-8|utf-16|cp1252] [--quoted-newlines]

Writes `<name>.csv`, `<name>.parquet` (UTF-8 only) and `<name>.truth.csv`
(`row_id, kind, entity, column, text`), chunk by chunk, so that memory does not grow with rows.

The typing errors, look-alike letters and spellings come from the tables below, which the product
does not import: a matcher that only knows its own table does not pass by accident.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

CHUNK = 250_000
FIRST_DAY = np.datetime64("2026-01-01")
SCHEMA = pa.schema(
    [
        ("row_id", pa.string()),
        ("date", pa.string()),
        ("vendor", pa.string()),
        ("description", pa.string()),
        ("qty", pa.int32()),
        ("amount", pa.string()),
    ]
)

# --- what is looked for ------------------------------------------------------------------------

FIRMS = {
    "huawei": ("Huawei", ("Huawei Technologies", "Huawei Device", "Huawei Digital Power")),
    "zte": ("ZTE", ("ZTE Corporation", "ZTE Kangxun", "ZTE")),
    "hikvision": ("Hikvision", ("Hangzhou Hikvision Digital Technology", "Hikvision", "Hikvision Europe")),
    "hytera": ("Hytera", ("Hytera Communications", "Hytera Mobilfunk", "Hytera")),
    "dahua": ("Dahua", ("Zhejiang Dahua Technology", "Dahua Technology", "Dahua Vision")),
}
HANZI = {
    "huawei": ("华为技术有限公司", "華為技術有限公司", "华为"),
    "zte": ("中兴通讯股份有限公司", "中興通訊股份有限公司", "中兴通讯"),
    "hikvision": ("杭州海康威视数字技术股份有限公司", "海康威視", "海康威视"),
    "hytera": ("海能达通信股份有限公司", "海能達", "海能达"),
    "dahua": ("浙江大华技术股份有限公司", "浙江大華技術股份有限公司", "大华股份"),
}
OTHER_SCRIPTS = {
    "huawei": ("Хуавей", "ファーウェイ", "화웨이", "هواوي"),
    "zte": ("ЗТЕ", "ZTE コーポレーション"),
    "hikvision": ("Хиквижн", "ハイクビジョン", "하이크비전", "هيكفيجن"),
    "hytera": ("Хайтера", "ハイテラ", "하이테라"),
    "dahua": ("Дахуа", "ダーファ", "다후아", "داهوا"),
}
MODELS = {
    "huawei": (
        "S5735-L24P4S-A1",
        "HG8245H5",
        "SUN2000-10KTL-M1",
        "MA5608T",
        "USG6306E",
        "EG8145V5",
        "ANE-LX1",
    ),
    "zte": ("ZXHN H267A", "ZXR10 2928E", "ZXA10 C320", "ZXHN F660", "ZXV10 W300"),
    "hikvision": ("DS-2CD2143G0-I", "DS-7616NI-K2", "DS-2DE4425IW-DE", "DS-K1T341AMF", "iDS-7204HUHI-M1"),
    "hytera": ("Hytera PD785G", "Hytera RD985S", "Hytera MD785i", "Hytera PNC380"),
    "dahua": ("IPC-HFW2831S-S-S2", "DHI-NVR4104HS-P", "DH-IPC-HDW5442TM", "HAC-HFW1200TP", "DHI-VTO2202F-P"),
}
LEGAL = {
    "huawei": ("Co., Ltd.", "Co Ltd", "GmbH", "S.r.l.", "Ltda", "Sp. z o.o.", "(UK) Ltd", "K.K.", "AB"),
    "zte": ("GmbH", "S.A. de C.V.", "Co. Ltd", "S.r.l.", "(Pty) Ltd", "Inc."),
    "hikvision": ("B.V.", "USA Inc", "S.r.l.", "Sp. z o.o.", "Pty Ltd", "Co., Limited"),
    "hytera": ("Corp. Ltd", "(UK) Ltd", "Co., Limited", "GmbH"),
    "dahua": ("B.V.", "Co.,Ltd", "S.r.l.", "Ltda.", "Sp. z o.o.", "(HK) Limited"),
}

#: Shares of the kinds of positives, in parts.
KIND_PARTS = {
    "exact": 25,
    "case": 20,
    "model": 15,
    "legal_form": 10,
    "hanzi": 10,
    "one_typo": 7,
    "separators": 5,
    "two_typos": 2,
    "split": 2,
    "full_width": 2,
    "homoglyph": 2,
    "first_letter": 1,
    "double_letter": 2,
    "ocr": 1,
    "invisible": 1,
    "other_script": 1,
}

# --- how people and machines misspell ----------------------------------------------------------

NEAR_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et",
    "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
SCANNED_AS = (
    ("i", "l"),
    ("i", "1"),
    ("o", "0"),
    ("w", "vv"),
    ("h", "b"),
    ("e", "c"),
    ("u", "ii"),
    ("a", "o"),
)
LOOKS_LIKE = {
    "a": "аɑ", "e": "еҽ", "i": "іı", "o": "оօ", "u": "սυ", "h": "һհ", "d": "ԁ", "k": "κк", "v": "ѵν",
    "s": "ѕ", "n": "ո", "t": "τ", "y": "уү", "r": "г", "w": "ԝ", "z": "ᴢ",
    "H": "НΗ", "Z": "ΖZ", "T": "ТΤ", "E": "ЕΕ", "D": "Ꭰ",
}  # fmt: skip
INVISIBLE = ("\u200b", "\u200c", "\u2060", "\u00ad", "\ufeff")

# --- the innocent rest -------------------------------------------------------------------------

WORDS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write. `positives` is the share of rows that name a covered firm."""

    rows: int
    profile: str = "diverse"
    positives: float = 0.005
    seed: int = 889
    encoding: str = "utf-8"
    quoted_newlines: bool = False

    @property
    def name(self) -> str:
        """Name the files after everything that changes them."""
        parts = [self.profile, str(self.rows), f"p{round(self.positives * 10_000)}", f"s{self.seed}"]
        if self.encoding != "utf-8":
            parts.append(self.encoding)
        if self.quoted_newlines:
            parts.append("newlines")
        return "-".join(parts)


# --- names -------------------------------------------------------------------------------------


def vendor_names(count: int, seed: int) -> list[str]:
    """Build `count` distinct vendors: 3 % look-alikes, 2.5 % pinyin and 1.5 % hanzi firms, all innocent."""
    rng = random.Random(f"vendors-{seed}")
    names: dict[str, None] = {}
    serial = 0

    def pick(words: str) -> str:
        return rng.choice(WORDS[words])

    while len(names) < count:
        serial += 1
        # The busiest vendors are plain ones, else one look-alike would make up a tenth of the rows.
        draw = rng.random() if len(names) >= 500 else 1.0
        if draw < 0.03:
            name = f"{pick('decoys')} {_syllables(rng, 2)}"
        elif draw < 0.055:
            made = "".join(rng.sample(WORDS["pinyin"], 2)).capitalize()
            name = f"{pick('cities')} {made} {_syllables(rng, 2)} {pick('pinyin_trades')} Co., Ltd."
        elif draw < 0.07:
            made = "".join(rng.sample(WORDS["hanzi_words"], 2))
            name = f"{pick('hanzi_cities')}{made}{pick('hanzi_trades')}有限公司"
            if name in names:
                name = f"{name} {serial}"
        else:
            first = pick("first_words") if rng.random() < 0.5 else _syllables(rng, 3)
            name = f"{first} {_syllables(rng, 2)} {pick('trades')} {pick('endings')}".rstrip()
        names[name.upper() if rng.random() < 0.2 else name] = None
    return list(names)


def _syllables(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(WORDS["syllables"]) for _ in range(count)).capitalize()


# --- positives ---------------------------------------------------------------------------------


def _case(word: str, rng: random.Random) -> str:
    return rng.choice((word.upper(), word.lower(), word.swapcase()))


def _one_typo(word: str, rng: random.Random, start: int = 1) -> str:
    """Make one slip after the first letter: swap, drop, insert or replace."""
    places = [i for i in range(start, len(word) - 1) if word[i].isalpha() and word[i + 1].isalpha()]
    if not places:
        return word
    at = rng.choice(places)
    near = rng.choice(NEAR_KEYS.get(word[at].lower(), "e"))
    slip = rng.randrange(4)
    if slip == 0 and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if slip == 1:
        return word[:at] + word[at + 1 :]
    if slip == 2:
        return word[: at + 1] + near + word[at + 1 :]
    return word[:at] + near + word[at + 1 :]


def _double_letter(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return word[: at + 1] + word[at] + word[at + 1 :]


def _ocr(word: str, rng: random.Random) -> str:
    fitting = [(old, new) for old, new in SCANNED_AS if old in word[1:].lower()]
    old, new = rng.choice(fitting)
    at = word.lower().index(old, 1)
    return word[:at] + new + word[at + 1 :]


def _homoglyph(word: str, rng: random.Random) -> str:
    at = rng.choice([i for i, letter in enumerate(word) if letter in LOOKS_LIKE])
    return word[:at] + rng.choice(LOOKS_LIKE[word[at]]) + word[at + 1 :]


def _full_width(word: str, rng: random.Random) -> str:
    del rng
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)


def _invisible(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + rng.choice(INVISIBLE) + word[at:]


def _split(word: str, rng: random.Random) -> str:
    at = rng.randrange(2, len(word) - 1) if len(word) > 4 else rng.randrange(1, len(word))
    return word[:at] + rng.choice((" ", "-", ". ")) + word[at:]


def _first_letter(word: str, rng: random.Random) -> str:
    near = rng.choice(NEAR_KEYS[word[0].lower()])
    return near.upper() + word[1:]


def _separators(word: str, rng: random.Random) -> str:
    """Write a model number with other separators than its maker does."""
    ways = {word.replace(old, new) for old, new in (("-", ""), ("-", " "), ("-", "_"), (" ", "-"), (" ", ""))}
    return rng.choice(sorted(ways - {word}) or [word])


_ON_BRAND: dict[str, Callable[[str, random.Random], str]] = {
    "case": _case,
    "one_typo": _one_typo,
    "two_typos": lambda word, rng: _one_typo(_one_typo(word, rng), rng),
    "split": _split,
    "full_width": _full_width,
    "homoglyph": _homoglyph,
    "first_letter": _first_letter,
    "double_letter": _double_letter,
    "ocr": _ocr,
    "invisible": _invisible,
}
#: Three letters are too few to misspell: ZTE with a slip is another word.
_LONG_ONLY = frozenset({"one_typo", "two_typos", "split", "first_letter", "double_letter", "ocr"})


@dataclass(frozen=True, slots=True)
class Positive:
    """One positive: what was written into which column."""

    kind: str
    entity: str
    column: str
    text: str


def positive(rng: random.Random) -> Positive:
    """Draw one positive by the parts of `KIND_PARTS`."""
    kind = rng.choices(tuple(KIND_PARTS), weights=tuple(KIND_PARTS.values()))[0]
    entity = rng.choice([firm for firm in FIRMS if kind not in _LONG_ONLY or firm != "zte"])
    brand, companies = FIRMS[entity]
    place = rng.choice(WORDS["places"])
    item = rng.choice(("router", "camera", "switch", "recorder", "modem", "radio", "terminal"))
    if kind == "exact":
        if rng.random() < 0.5:
            return Positive(kind, entity, "vendor", rng.choice(companies))
        return Positive(kind, entity, "description", f"{brand} {item} {place}")
    if kind == "model":
        return Positive(kind, entity, "description", f"{rng.choice(MODELS[entity])} {place}")
    if kind == "separators":
        wording = _separators(rng.choice(MODELS[entity]), rng)
        return Positive(kind, entity, "description", f"{wording} for {place}")
    if kind == "legal_form":
        return Positive(kind, entity, "vendor", f"{rng.choice(companies)} {rng.choice(LEGAL[entity])}")
    if kind == "hanzi":
        return Positive(kind, entity, "vendor", rng.choice(HANZI[entity]))
    if kind == "other_script":
        return Positive(kind, entity, "description", f"{rng.choice(OTHER_SCRIPTS[entity])} {item}")
    wording = _ON_BRAND[kind](brand, rng)
    return Positive(kind, entity, "description", f"{wording} {item} {place}")


# --- rows --------------------------------------------------------------------------------------


def _take(words: Sequence[str], picks: np.ndarray) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(picks))


def _text(numbers: np.ndarray) -> pa.Array:
    return pc.cast(pa.array(numbers), pa.string())


def _join(*parts: Any) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _diverse(rng: np.random.Generator, size: int) -> pa.Array:
    """Fill five templates; most rows carry a reference and so are distinct."""
    item = _take(WORDS["items"], rng.integers(0, len(WORDS["items"]), size))
    place = _take(WORDS["places"], rng.integers(0, len(WORDS["places"]), size))
    reference = _text(rng.integers(100_000, 99_999_999, size))
    small = _text(rng.integers(1, 400, size))
    shapes = (
        _join(item, " ref ", reference),
        _join("INV ", reference, " ", item, " ", place),
        _join(item, " - ", place),
        _join(place, ": ", item, " x ", small, " PO", reference),
        _join("WK ", small, " ", item, " ", place),
    )
    which = rng.integers(0, len(shapes), size)
    return pc.choose(pa.array(which), *shapes)


def chunks(plan: Plan) -> Iterator[tuple[pa.RecordBatch, list[tuple[str, Positive]]]]:
    """Give the rows in batches of up to `CHUNK`, with the positives in each."""
    distinct = 200_000 if plan.profile == "diverse" else max(50, min(200_000, plan.rows // 50))
    vendors = pa.array(vendor_names(min(distinct, max(1_000, plan.rows)), plan.seed), pa.string())
    # Few vendors bill often: a rank distribution whose tail exponent is 2.2.
    weights = np.arange(1, len(vendors) + 1, dtype=np.float64) ** (-1 / 1.2)
    edges = np.cumsum(weights)
    edges /= edges[-1]
    stock = _diverse(np.random.default_rng([plan.seed, 7]), 4_000) if plan.profile == "repetitive" else None
    for start in range(0, plan.rows, CHUNK):
        size = min(CHUNK, plan.rows - start)
        rng = np.random.default_rng([plan.seed, 1, start])
        words = random.Random(f"positives-{plan.seed}-{start}")
        picks = np.minimum(np.searchsorted(edges, rng.random(size)), len(vendors) - 1)
        vendor = vendors.take(pa.array(picks))
        if stock is None:
            description = _diverse(rng, size)
        else:
            description = stock.take(pa.array(rng.integers(0, len(stock), size)))
        ids = _join("R", _text(np.arange(start + 1, start + size + 1)))
        days = FIRST_DAY + rng.integers(0, 300, size).astype("timedelta64[D]")
        cents = rng.integers(100, 900_000, size)
        amount = _join(_text(cents // 100), ".", pc.utf8_lpad(_text(cents % 100), 2, "0"))
        truth: list[tuple[str, Positive]] = []
        written: dict[str, tuple[list[int], list[str]]] = {"vendor": ([], []), "description": ([], [])}
        for place in np.flatnonzero(rng.random(size) < plan.positives):
            drawn = positive(words)
            written[drawn.column][0].append(int(place))
            written[drawn.column][1].append(drawn.text)
            truth.append((f"R{start + int(place) + 1}", drawn))
        vendor = _overwrite(vendor, *written["vendor"])
        description = _overwrite(description, *written["description"])
        if plan.quoted_newlines:
            broken = pa.array(rng.random(size) < 0.01)
            description = pc.if_else(broken, _join(description, "\nsee note, line 2"), description)
        quantity = pa.array(rng.integers(1, 40, size, np.int32))
        columns = [ids, _text_days(days), vendor, description, quantity, amount]
        yield pa.record_batch(columns, schema=SCHEMA), truth


def _overwrite(column: pa.Array, places: list[int], texts: list[str]) -> pa.Array:
    if not places:
        return column
    mask = np.zeros(len(column), dtype=bool)
    mask[places] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array(texts, pa.string()))


def _text_days(days: np.ndarray) -> pa.Array:
    return pc.cast(pa.array(days.astype("datetime64[D]")), pa.string())


@dataclass(frozen=True, slots=True)
class Written:
    """Where the files are; `parquet` is `None` for encodings other than UTF-8."""

    csv: Path
    parquet: Path | None
    truth: Path


def write(plan: Plan, folder: Path) -> Written:
    """Write the files of a plan; files that are there already are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / plan.name
    plain = plan.encoding == "utf-8"
    done = Written(
        base.with_name(base.name + ".csv"),
        base.with_name(base.name + ".parquet") if plain else None,
        base.with_name(base.name + ".truth.csv"),
    )
    if all(path is None or path.exists() for path in (done.csv, done.parquet, done.truth)):
        return done
    started = done.csv.with_suffix(".part")
    parquet = pq.ParquetWriter(done.parquet, SCHEMA, compression="zstd") if done.parquet else None
    with started.open("wb") as table, done.truth.open("w", newline="", encoding="utf-8") as side:
        header = ",".join(SCHEMA.names) + "\n"
        table.write(header.encode(plan.encoding))
        notes = csv.writer(side, lineterminator="\n")
        notes.writerow(("row_id", "kind", "entity", "column", "text"))
        for batch, truth in chunks(plan):
            notes.writerows((row_id, p.kind, p.entity, p.column, p.text) for row_id, p in truth)
            raw = io.BytesIO()
            pl.DataFrame(batch).write_csv(raw, include_header=False)
            if plain:
                table.write(raw.getbuffer())
            else:
                # One byte order mark for the file; letters the code page lacks become question marks.
                codec = "utf-16-le" if plan.encoding == "utf-16" else plan.encoding
                table.write(raw.getvalue().decode("utf-8").encode(codec, errors="replace"))
            if parquet:
                parquet.write_batch(batch, row_group_size=CHUNK)
    if parquet:
        parquet.close()
    started.rename(done.csv)
    return done


def main(argv: Sequence[str] | None = None) -> int:
    """Write one plan and say where."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    parser.add_argument("--profile", choices=("diverse", "repetitive"), default="diverse")
    parser.add_argument("--positives", type=float, default=0.005)
    parser.add_argument("--seed", type=int, default=889)
    parser.add_argument("--encoding", choices=("utf-8", "utf-16", "cp1252"), default="utf-8")
    parser.add_argument("--quoted-newlines", action="store_true")
    options = parser.parse_args(argv)
    plan = Plan(
        options.rows,
        options.profile,
        options.positives,
        options.seed,
        options.encoding,
        options.quoted_newlines,
    )
    written = write(plan, options.out)
    print(written.csv, written.parquet or "", written.truth, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
