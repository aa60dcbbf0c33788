"""Write the files of one door into `examples/plates/`: an inventory, and a photograph of the type plate behind the badge.

    python examples/make_plates.py [FOLDER]

The camera is HR-2601 of `examples/company`: bought and listed as Sentryline SL-D40, a badge that is made up, and so are all
numbers. What its plate says is drawn by the renderer of `bench/plates.py`, slightly turned, out of focus and with a reflection.
Needs the extra `photos`.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

from plate_drawing import plate_page, taken
from plate_set import Device, Plate

SERIAL = "SL40240117"
INVENTORY = f"""tag,site,place,maker,model,serial
HR-2601,Northgate,Cash office,Sentryline,SL-D40,{SERIAL}
HR-2602,Northgate,Lobby,Axis,P3245-LV,ACCC8E402602
"""
DAHUA = Device(
    "five", "dahua", "Zhejiang Dahua Vision Technology Co., Ltd.", "SENTRYLINE", "IPC-HDBW3449E-AS-IL",
    "Network Camera", ("latin",),
)  # fmt: skip
LINES = (
    ("", "SENTRYLINE"), ("", "Network Camera SL-D40"), ("Model", "IPC-HDBW3449E-AS-IL"), ("S/N", SERIAL), ("Power", "DC 12V 1A"),
    ("Manufacturer", "Zhejiang Dahua Vision Technology Co., Ltd."), ("", "CE  FCC  RoHS"), ("", "Made in China"),
)  # fmt: skip


def write_all(folder: Path) -> None:
    """Write the files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inventory.csv").write_text(INVENTORY, encoding="utf-8", newline="")
    rng = random.Random("HR-2601")
    plate = Plate(DAHUA, "latin", "keys", LINES, {"model": DAHUA.model, "serial": SERIAL})
    damages = {"perspective": 0.2, "rotation": 0.12, "blur": 0.2, "glare": 0.2, "jpeg": 0.5}
    (folder / "HR-2601.jpg").write_bytes(taken([plate_page(plate, rng)], damages, rng))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "plates")
