"""One library a user might pick instead, on one list of names: how long, how many found.

    python rivals.py rapidfuzz|nomenklatura|splink NAMES.txt VENDORS.txt

Runs in an environment of its own; imports nothing of this project. Prints one JSON line:
`library, version, seconds` (matching), `build_seconds` (list and index), `rows, found` (line numbers from 0).
Imports are not timed. Names and vendors stand one a line.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path


def rapidfuzz(names: list[str], vendors: list[str]) -> tuple[float, float, list[int]]:
    """Ask `extractOne` with `token_set_ratio` and a cutoff of 90, the usual recipe."""
    from rapidfuzz import fuzz, process, utils

    started = time.perf_counter()
    choices = [utils.default_process(name) for name in names]
    built = time.perf_counter()
    found = []
    for number, vendor in enumerate(vendors):
        query = utils.default_process(vendor)
        if process.extractOne(query, choices, scorer=fuzz.token_set_ratio, score_cutoff=90) is not None:
            found.append(number)
    return built - started, time.perf_counter() - built, found


def nomenklatura(names: list[str], vendors: list[str]) -> tuple[float, float, list[int]]:
    """Block with its token index, score the candidates with `logic-v2`, keep 0.7 and better."""
    from followthemoney import Dataset, StatementEntity
    from nomenklatura.blocker.index import Index
    from nomenklatura.matching import get_algorithm
    from nomenklatura.resolver import Linker
    from nomenklatura.store import MemoryStore

    listed, asked = (
        Dataset.make({"name": "list", "title": "list"}),
        Dataset.make({"name": "ask", "title": "ask"}),
    )

    def company(dataset: Dataset, key: str, name: str) -> StatementEntity:
        data = {"id": key, "schema": "Company", "properties": {"name": [name]}}
        return StatementEntity.from_data(dataset, data)

    started = time.perf_counter()
    store = MemoryStore(listed, Linker({}))
    watch = {f"w{number}": company(listed, f"w{number}", name) for number, name in enumerate(names)}
    writer = store.writer()
    for entity in watch.values():
        writer.add_entity(entity)
    writer.flush()
    algorithm = get_algorithm("logic-v2")
    config = algorithm.default_config()
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        index = Index(store.default_view(), Path(folder))
        index.build()
        built = time.perf_counter()
        queries = {f"q{number}": company(asked, f"q{number}", name) for number, name in enumerate(vendors)}
        for query, matches in index.match_entities(queries.values()):
            for candidate, _ in matches:
                if algorithm.compare(queries[str(query)], watch[str(candidate)], config).score >= 0.7:
                    found.add(int(str(query)[1:]))
                    break
        done = time.perf_counter()
        index.close()
    return built - started, done - built, sorted(found)


def splink(names: list[str], vendors: list[str]) -> tuple[float, float, list[int]]:
    """Link on DuckDB: block on first and second token, Jaro-Winkler at 0.95 and 0.88, 0.5 and better."""
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    def table(prefix: str, texts: list[str]) -> pa.Table:
        words = [text.lower().replace(",", " ").replace(".", " ").split() for text in texts]
        return pa.table(
            {
                "unique_id": [f"{prefix}{number}" for number in range(len(texts))],
                "name": [" ".join(item) for item in words],
                "first": [item[0] if item else None for item in words],
                "second": [item[1] if len(item) > 1 else None for item in words],
            }
        )

    started = time.perf_counter()
    database = DuckDBAPI()
    watch = database.register(table("w", names), table_name="watch")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[cl.JaroWinklerAtThresholds("name", [0.95, 0.88])],
        blocking_rules_to_generate_predictions=[
            block_on("first"),
            "l.first = r.second or l.second = r.first",
        ],
        probability_two_random_records_match=0.001,
    )
    built = time.perf_counter()
    asked = database.register(table("q", vendors), table_name="asked")
    linker = Linker([watch, asked], settings, log_level=logging.ERROR)
    links = linker.inference.predict(threshold_match_probability=0.5).as_record_list()
    keys = {str(link[side]) for link in links for side in ("unique_id_l", "unique_id_r")}
    found = sorted(int(key[1:]) for key in keys if key.startswith("q"))
    return built - started, time.perf_counter() - built, found


RIVALS = {"rapidfuzz": rapidfuzz, "nomenklatura": nomenklatura, "splink": splink}


def main(library: str, names_path: str, vendors_path: str) -> int:
    """Run one library and print its line."""
    logging.disable(logging.WARNING)
    names = Path(names_path).read_text(encoding="utf-8").splitlines()
    vendors = Path(vendors_path).read_text(encoding="utf-8").splitlines()
    built, seconds, found = RIVALS[library](names, vendors)
    line = {
        "library": library,
        "version": version(library),
        "build_seconds": round(built, 4),
        "seconds": round(seconds, 4),
        "rows": len(vendors),
        "found": found,
    }
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
