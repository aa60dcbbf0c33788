"""`proscribe explain`: why."""

from __future__ import annotations

import click

from proscribe.cli.options import SETTINGS, Given, options
from proscribe.cli.terminal import print_lines
from proscribe.model.scan_request import DayWords


@click.command(context_settings=SETTINGS)
@click.argument("what", metavar="TEXT|ID|CODE")
@click.option(
    "--scan", "scan_file", metavar="FILE", help="The JSON of a scan, to explain one of its findings by id."
)
@click.option("--field", default="text", show_default=True, metavar="FIELD", help="Read TEXT as this field.")
@click.option("--plain", is_flag=True, help="In plain words: each ground with its days, and who says so.")
@click.option(
    "--rules",
    is_flag=True,
    help="What each rule says of a finding on the day of --as-of, with its reasoning.",
)
@click.option("--every-nation", is_flag=True, help="With --rules: the rules of every nation.")
@options("as-of", "known-as-of", "knowledge", "case", "store")
def explain(
    given: Given, what: str, scan_file: str | None, field: str, plain: bool, rules: bool, every_nation: bool
) -> None:
    """Say why: what a text is taken for, what a finding rests on, what a fact or an error code means.

    \b
    Examples:
      proscribe explain 'Hik vision camera DS 2CD2143G2'
      proscribe explain 'Lorex camera' --plain
      proscribe explain f_0123456789abcdef0123 --scan scan.json
      proscribe explain f_0123456789abcdef0123 --case C-0001 --rules --every-nation --as-of 2020-07-10
      proscribe explain name:hikvision/hikvision
      proscribe explain E119
      proscribe explain us-889-b/use@1
    """
    from proscribe.app.scan.explain import explain as why

    asked: DayWords = {
        "as_of": given.as_of, "known_as_of": given.known_as_of, "knowledge": given.knowledge,
    }  # fmt: skip
    if given.case_id and what.startswith("f_"):
        from proscribe.app.case.finding_law import explain_in_case

        with given.cases() as cases:
            lines = explain_in_case(
                cases, given.case_id, what, plain=plain, rules=rules, every=every_nation, **asked
            )
    else:
        lines = why(what, scan=scan_file, field=field, plain=plain, **asked).lines
        if rules and scan_file is not None:
            from proscribe.app.rules.finding_rules import rule_lines, rules_in

            lines = (*lines, "", *rule_lines(rules_in(scan_file, what, every=every_nation, **asked)))
    print_lines(lines)
