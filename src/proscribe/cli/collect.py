"""`proscribe collect`: ask devices that you name, read-only, and keep their raw answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proscribe.cli import exitcodes
from proscribe.cli.options import OPTIONS, SETTINGS
from proscribe.cli.progress import AskedLine
from proscribe.cli.terminal import STANDARD_OUTPUT, leave, print_lines
from proscribe.wording.shown import counted

if TYPE_CHECKING:
    from proscribe.app.scan.collect import Plan

_PORT = click.IntRange(1, 65_535)
_COMMON: tuple[Callable[..., Any], ...] = (
    click.option(
        "--targets", required=True, metavar="FILE|CIDR",
        help="Whom to ask: a CIDR block, one address, or a file with one of either on a line. At most 4,096 "
        "addresses; host names are not looked up.",
    ),
    click.option("--dry-run", is_flag=True, help="Print what would be sent to whom, and send nothing."),
    click.option(
        "--rate", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N",
        help="Questions a second, over all targets.",
    ),
    click.option(
        "--timeout", "timeout_s", type=click.FloatRange(0.1, 60), default=3.0, show_default=True, metavar="SECONDS",
        help="How long to wait for an answer.",
    ),
    click.option(
        "-o", "--output", metavar="CAPTURE",
        help="File for the capture, - for standard output; default: a new file in this folder.",
    ),
    click.option(
        "--port", "ports", type=_PORT, multiple=True, metavar="PORT",
        help="Ask this port instead of the protocol's own; may be repeated.",
    ),
    click.option("--allow-public", is_flag=True, help="Also ask addresses of the public internet."),
    click.option("--quiet", is_flag=True, help="Print nothing but errors."),
    OPTIONS["no-progress"],
)  # fmt: skip
_ATTEMPTS = click.option(
    "--attempts", type=click.IntRange(1, 5), default=2, show_default=True, metavar="N",
    help="How often to ask a target that stays silent.",
)  # fmt: skip
_MULTICAST: tuple[Callable[..., Any], ...] = (
    _ATTEMPTS,
    click.option(
        "--multicast", is_flag=True,
        help="One question to the whole segment instead of one to each target. Every device there hears it; answers "
        "of targets alone are kept.",
    ),
    click.option(
        "--interface", default="", metavar="ADDRESS", help="With --multicast: this machine's own address in that network."
    ),
)  # fmt: skip
_COMMUNITY = click.option(
    "--community", metavar="TEXT", envvar="PROSCRIBE_SNMP_COMMUNITY", show_envvar=True,
    help="The community that the owner gave you. None is guessed, and it is not written into the capture.",
)  # fmt: skip
_TLS_PORTS = click.option(
    "--tls-port", "tls_ports", type=_PORT, multiple=True, metavar="PORT",
    help="Ask this port by TLS; may be repeated. Without --port and --tls-port: 80, and 443 by TLS.",
)  # fmt: skip
#: Protocol -> what it asks, an example, and the options that it takes beside the common ones.
_PROTOCOLS: dict[str, tuple[str, str, tuple[Callable[..., Any], ...]]] = {
    "onvif": (
        "WS-Discovery Probe (UDP 3702), then what the ONVIF device service tells without a login.",
        "proscribe collect onvif --targets cameras.txt -o onvif.jsonl",
        _MULTICAST,
    ),
    "ssdp": (
        "M-SEARCH (UDP 1900), then the UPnP description where it lies on the same device.",
        "proscribe collect ssdp --targets 192.168.1.1 -o ssdp.jsonl",
        _MULTICAST,
    ),
    "mdns": (
        "Unicast query for announced services (UDP 5353).",
        "proscribe collect mdns --targets 192.168.1.0/24 -o mdns.jsonl",
        _MULTICAST,
    ),
    "sadp": (
        "SADP inquiry (UDP 37020), which Hikvision-built devices answer, relabelled ones too.",
        "proscribe collect sadp --targets 192.168.1.0/24 -o sadp.jsonl",
        _MULTICAST,
    ),
    "dhip": (
        "DHIP search (UDP 37810), which Dahua-built devices answer, relabelled ones too.",
        "proscribe collect dhip --targets 192.168.1.0/24 -o dhip.jsonl",
        _MULTICAST,
    ),
    "snmp": (
        "SNMP v2c GET of sysDescr, sysObjectID and sysName (UDP 161).",
        "PROSCRIBE_SNMP_COMMUNITY=... proscribe collect snmp --targets switches.txt -o snmp.jsonl",
        (_ATTEMPTS, _COMMUNITY),
    ),
    "http": (
        "GET of the start page and the icon, and the certificate, without a login (TCP 80 and 443).",
        "proscribe collect http --targets cameras.txt --port 80 --port 8080 -o http.jsonl",
        (_TLS_PORTS,),
    ),
}


@click.group(context_settings=SETTINGS)
def collect() -> None:
    """Ask devices on your own network who they are, and keep the raw answers for `proscribe scan`.

    Only the addresses you name are asked. Nothing is changed on them, no login is tried, and nothing is sent with
    --dry-run. Ask only devices you are allowed to ask: in many countries the law makes no difference between a
    question and an attack when the network is not yours.

    \b
    Example:
      proscribe collect sadp --targets 192.168.1.0/24 --dry-run
      proscribe collect sadp --targets 192.168.1.0/24 -o sadp.jsonl
      proscribe scan sadp.jsonl
    """


def _add(protocol: str, about: str, example: str, own: tuple[Callable[..., Any], ...]) -> None:
    def command(**given: Any) -> None:
        _run(protocol, **given)

    command.__doc__ = f"{about}\n\n\b\nExample:\n  {example}"
    made: Callable[..., Any] = command
    for option in reversed((*_COMMON, *own)):
        made = option(made)
    collect.command(protocol, context_settings=SETTINGS)(made)


for _name, _words in _PROTOCOLS.items():
    _add(_name, *_words)


def _run(
    protocol: str, *, targets: str, dry_run: bool, output: str | None, quiet: bool, no_progress: bool, **settings: Any
) -> None:  # fmt: skip
    from proscribe.app.scan.collect import prepare, run

    plan = prepare(protocol, targets, **{"attempts": 1, **settings})
    if dry_run:
        _show(plan)
        leave(exitcodes.DONE)
    named = output or plan.default_name()
    target: Any = sys.stdout.buffer if named == STANDARD_OUTPUT else Path(named)
    if not quiet and sys.stderr.isatty():
        click.echo(
            f"Asking {counted(len(plan.scope.addresses), 'address', 'addresses')}. Ctrl-C stops.", err=True
        )
    with AskedLine(enabled=not (quiet or no_progress)) as progress:
        done = run(plan, target, progress=progress)
    if not quiet:
        click.echo(
            f"{done.answered} of {counted(done.targets, 'address', 'addresses')} answered; "
            f"{counted(done.sent, 'question')} sent.",
            err=True,
        )
        if done.outside:
            outside = counted(done.outside, "datagram")
            click.echo(f"{outside} from other addresses thrown away.", err=True)
        if named != STANDARD_OUTPUT:
            click.echo(f"Written: {named}. Read it with: proscribe scan {named}", err=True)
    if done.stopped:
        click.echo("Stopped early. The capture holds what came so far and says so.", err=True)
        sys.exit(130)


def _show(plan: Plan) -> None:
    """Print the questions, byte for byte."""
    settings, needs = plan.settings, plan.collector.needs
    click.echo(f"{plan.collector.name}: {plan.collector.about}.")
    click.echo(
        f"{counted(len(plan.scope.addresses), 'target')}, at most {settings.rate} questions a second, "
        f"each sent up to {settings.attempts} times while there is no answer. Nothing is sent now."
    )
    if settings.multicast and needs.group:
        click.echo(f"One question goes to the group {needs.group}, which every device on the segment hears.")
    ids = _show_asks(plan.asks())
    followed = plan.followed()
    if followed:
        click.echo(
            "\nA device that answers is asked further, at its own address only and at most "
            f"{plan.most_followed} times. What follows is sent as shown, but for port and path, which come from the "
            f"answer; the usual ones for {followed[0].address}:"
        )
        _show_asks(followed)
    if ids:
        click.echo("\nThe message ids (UUID) are made anew for each run; all else is sent as shown.")


def _show_asks(asks: Iterable[Any]) -> bool:
    """Print questions, byte for byte; tell whether one holds a message id."""
    before, ids = b"", False
    for ask in asks:
        shown = ask.printable()
        ids = ids or b"uid>" in shown or b"uuid:" in shown
        place = f"[{ask.address}]:{ask.port}" if ":" in ask.address else f"{ask.address}:{ask.port}"
        click.echo(f"\n{place} {ask.transport} {ask.what}, {len(shown)} bytes")
        if shown != ask.payload:
            click.echo("  (the community is shown as asterisks)")
        print_lines(["  (the same bytes)"] if shown == before else [f"  {line}" for line in _lines(shown)])
        before = shown
    return ids


def _lines(data: bytes) -> list[str]:
    """Give bytes as text where they are text, else as a hex dump."""
    if all(32 <= byte < 127 or byte in (9, 10, 13) for byte in data):
        return data.decode("ascii").replace("\r", "\\r").split("\n")
    rows = []
    for at in range(0, len(data), 16):
        piece = data[at : at + 16]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
        rows.append(f"{at:04x}  {piece.hex(' '):<47}  {text}")
    return rows
