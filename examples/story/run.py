"""Six weeks at Harrow Ridge: found on a Friday, reported over a holiday weekend, replaced, represented, signed.

    python examples/story/run.py [FOLDER]

Every step is a command that a person could type; it is shown before it runs, and the story stops when one does not do what
the story says. What it writes goes to FOLDER (`build/story` by default).
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
#: The example signs with a key that protects nothing.
PASSPHRASE = "only an example, never reuse"
#: What the general counsel writes about the one place that was not searched. It says what she did, what she relies on,
#: and what nobody knows; a reader years later can ask her, and the four.
HOME_OFFICES = (
    "The four work at home on laptops of the company. These are on the list (HR-0110) and were scanned with it. I asked "
    "each of the four on 19 November 2026: none has a camera, recorder, radio, router or telephone of the company at "
    "home, and none uses one of their own for its work. Their internet connections are their own; the company neither "
    "provides nor pays for them. Nobody looked at those connections, and I do not say what they consist of."
)

#: What she writes about the cameras of October: their findings, reports and drafts of waivers stand in another case of the store.
REPLACED = (
    "All three lines of October were replaced between 19 and 22 October 2026, as C-0001-R2 told the contracting officer. "
    "T. Okafor walked both sites with the list of November on 19 November and read each label: HR-0101 and HR-0102 are of "
    "Hanwha Vision, HR-0103 is of Axis. The recycler's receipt of 26 October is filed. The two requests for a waiver, W1 and "
    "W2 of C-0001, were written in case the work was late; neither was sent."
)


class Story:
    """Runs the steps in one folder, with one store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        self.environment = {
            **os.environ,
            "PROSCRIBE_STORE": "cases.db",
            "PROSCRIBE_PASSPHRASE": PASSPHRASE,
            "PROSCRIBE_KEY": "keys",
        }
        for file in HERE.glob("*"):
            if file.suffix in (".csv", ".toml", ".txt", ".yml"):
                shutil.copy(file, folder)

    def tell(self, text: str) -> None:
        """Print a heading."""
        print(f"\n== {text}", flush=True)

    def start(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        """Run one command in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "proscribe", *words],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def run(self, line: str, expect: int | tuple[int, ...] = 0, show: int = 14) -> str:
        """Run one command; stop the story when its exit code is not the one expected."""
        print(f"\n$ proscribe {line}", flush=True)
        done = self.start(shlex.split(line))
        output = (done.stdout + done.stderr).rstrip()
        lines = output.splitlines()
        for text in lines[:show]:
            print(f"  {text[:150]}")
        if len(lines) > show:
            print(f"  ... {len(lines) - show} more lines")
        if done.returncode not in (expect if isinstance(expect, tuple) else (expect,)):
            print(output)
            raise SystemExit(f"the story expected exit code {expect}, and got {done.returncode}")
        return output


def main() -> None:
    """Tell the story."""
    story = Story(Path(sys.argv[1] if len(sys.argv) > 1 else "build/story"))
    run, tell = story.run, story.tell
    lind, moreau, osei = '--by "B. Lind"', '--by "C. Moreau"', '--by "A. Osei"'

    tell("Before anything is found: the people who will judge, approve and sign, each with a key")
    run(
        'case roster begin --person "B. Lind" analyst,approver - --person "C. Moreau" approver - --person "A. Osei" signer - '
        "--new-keys keys"
    )

    tell("Friday, 9 October 2026, 16:40: the yearly count of assets finds cameras")
    run(
        "scan assets-october.csv --as-of 2026-10-09 --quiet --decide facts.yml -o json=october.json", expect=1
    )
    run(
        'case open --scan october.json --title "Cameras found at the yearly count"'
        f" --at 2026-10-09T17:20:00-04:00 {lind}"
    )
    tell("The clock: one business day. Monday is Columbus Day, so the report is due on Tuesday")
    due = run("clock --as-of 2026-10-09T18:00:00-04:00")
    check("2026-10-13" in due, "the report is due on the Tuesday after the holiday")

    tell("Tuesday: the determination is approved, the first report is made, approved by another, and sent")
    run(
        f"case judge C-0001 {finding(story, 'HR-0101')} same --reason 'label read and photographed' "
        f"--at 2026-10-13T08:30:00-04:00 {lind}"
    )
    refused = run(f"case approve C-0001 D1 {lind}", expect=2)
    check("E426" in refused, "nobody approves a determination of their own")
    run(f"case approve C-0001 D1 {moreau}")
    run(
        "report far C-0001 --with first-report.yml --as-of 2026-10-13 --at 2026-10-13T09:10:00-04:00 "
        f"{lind} -o pdf=first-report.pdf -o docx=first-report.docx"
    )
    run(f"case approve C-0001 DOC1 {moreau}")
    run(
        f'case submit C-0001 --document DOC1 --to "D. Vance, contracting officer" --at 2026-10-13T10:05:00-04:00 {lind}'
    )

    tell("Ten business days from that submission: the follow-up is due on 27 October")
    due = run("clock --as-of 2026-10-14T09:00:00-04:00")
    check("2026-10-27" in due, "the follow-up is counted from the submission")
    run(
        "report far C-0001 --stage follow-up --with first-report.yml --with follow-up.yml "
        f"--as-of 2026-10-26 --at 2026-10-26T15:00:00-04:00 {lind} -o pdf=follow-up.pdf"
    )
    run(f"case approve C-0001 DOC2 {moreau}")
    run(
        f'case submit C-0001 --document DOC2 --to "D. Vance, contracting officer" --at 2026-10-26T16:00:00-04:00 {lind}'
    )

    tell(
        "Had the cameras not been replaced in time: the waiver. The agency's power ended in 2022; the DNI's did not"
    )
    run(
        'waiver new C-0001 --grantor agency_head --part b --agency GSA --scope "Cameras and recorder of two sites" '
        f"--justification justification.txt --valid-to 2026-10-30 {lind}"
    )
    ended = run("waiver check C-0001/W1 --on 2026-10-14", expect=1)
    check("NOT AVAILABLE" in ended and "ends by 2022-08-13" in ended, "the agency's power to waive has ended")
    run(
        'waiver new C-0001 --grantor dni --part b --agency GSA --scope "Cameras and recorder of two sites" '
        f"--justification justification.txt --valid-to 2026-10-30 {lind}"
    )
    run("waiver check C-0001/W2 --on 2026-10-14")
    run(
        "document make waiver-request C-0001 --with waiver.yml --as-of 2026-10-14 "
        f"--at 2026-10-14T11:00:00-04:00 {lind} -o pdf=waiver-request.pdf"
    )

    tell("November: what became of the cameras is recorded in their case too, and approved by another")
    run(f"case fact C-0001 use.state=disposed --at 2026-11-19T16:00:00-05:00 {lind}")
    run(f"case decide C-0001 {lind}")
    run(f"case approve C-0001 D2 {moreau}")

    tell("November: everything was replaced. The yearly representation is due")
    run("scan assets-november.csv --as-of 2026-11-20 --quiet -o json=november.json")
    run(f'case open --scan november.json --title "Yearly representation" --as-of 2026-11-20 {lind}')
    wanted = (
        "represent annual C-0002 --with inquiry.yml --with answers.yml --as-of 2026-11-20 "
        f"--at 2026-11-20T14:00:00-05:00 {lind}"
    )
    told = run(f"{wanted} --all -o pdf=refused.pdf", expect=1, show=48)
    check("REFUSED" in told, "it is refused while a place was not searched")
    stands = [line.split()[0] for line in told.splitlines() if line.startswith("  ") and "(stands)" in line]
    home = [name for name in stands if name.startswith("not-searched/")]
    beside = {name.partition("/")[0] for name in stands} - {"not-searched"}
    check(
        len(stands) == 7
        and len(home) == 1
        and beside == {"elsewhere", "says-does"}
        and "Home offices of four employees was not searched" in told,
        "the home offices stand against it, and the cameras of October, which are in no list any more",
    )
    check(
        all(f"C-0001/{name}" in told for name in ("DOC1 of", "DOC2 of", "W1, of", "W2, of")),
        "the reports that said that it does stand against it, and the waivers that were drafted",
    )
    check(
        told.count("; since then D2 ") == 4 and "nobody can override" not in told,
        "each can be answered for, since the case says what became of the cameras",
    )
    check("reported in C-0001-R1, C-0001-R2" in told, "it is said that these were reported")
    tell("It was refused for the home offices. The general counsel asks the four, and answers for it by name")
    answers = {name: HOME_OFFICES if name in home else REPLACED for name in stands}
    override = " ".join(shlex.quote(f"--override={name}={why}") for name, why in answers.items())
    signed = "--sign-at 2026-11-20T15:00:00-05:00 -o pdf=representation.pdf -o docx=representation.docx"
    told = run(f"{wanted} {override} {signed}", show=24)
    check("OVERRIDDEN" in told, "the override is said")
    run(f"case approve C-0002 DOC1 {moreau}")

    tell("Signed by a third person, in a bundle that a stranger can check")
    run(
        f'attest sign C-0002/DOC1 --title "President" {osei} '
        "--at 2026-11-20T15:00:00-05:00 -o representation.zip"
    )
    told = run("verify representation.zip --key keys/a-osei.pub.pem --input assets-november.csv", show=20)
    check(told.startswith("VALID"), "the bundle is as it was signed")

    tell("One byte of the document changed, and the bundle packed anew: refused")
    change_one_byte(story.folder / "representation.zip", story.folder / "changed.zip", ".pdf")
    told = run("verify changed.zip --key keys/a-osei.pub.pem", expect=1)
    check(told.startswith("NOT VALID"), "a changed bundle is not valid")

    tell("And the log of events stands")
    check("Sound" in run("case verify"), "no event was altered, removed or moved")
    print(
        f"\nEverything is in {story.folder}: open first-report.pdf, follow-up.pdf, waiver-request.pdf, representation.pdf."
    )


def check(holds: bool, what: str) -> None:
    """Stop the story when it does not go as it is told."""
    if not holds:
        raise SystemExit(f"the story does not hold: {what}")


def change_one_byte(bundle: Path, target: Path, suffix: str) -> None:
    """Write a bundle again with one byte of a file changed, and every check of the zip format in order."""
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.infolist():
            data = bytearray(old.read(member))
            if member.filename.endswith(suffix):
                data[len(data) // 2] ^= 1
            new.writestr(member, bytes(data))


def finding(story: Story, record_id: str) -> str:
    """Give the id of the finding of a record."""
    scan = json.loads((story.folder / "october.json").read_text(encoding="utf-8"))
    return next(str(one["id"]) for one in scan["findings"] if one["record_id"] == record_id)


if __name__ == "__main__":
    main()
