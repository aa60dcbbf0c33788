"""What the record of a search admits in people's own words, beside an answer that denies it.

The words are searched for reserves, for "not known", and for what the knowledge hears of firms. An answer of yes or no is read
with its question; what it says beyond the word that leaves nothing has to be understood, or a person has to read it.

No list of words finds all that a sentence can admit. So words never support an answer: what is not put together from the few of
a plain statement is read by whoever approves the document (`words_to_read`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from proscribe.app.kb.firms import Firms
from proscribe.app.kb.plain_words import (
    asks_whether_gone,
    good_answer,
    is_a_name,
    is_a_name_without_capitals,
    is_cut,
    is_less,
    is_narrowed,
    is_none_at_all,
    is_not_known,
    is_plain_company,
    is_plain_scope,
    is_plain_search,
    is_plain_source,
    is_plain_title,
    is_unsearched,
    left_unsaid,
    limits_names,
    names_no_one_fit,
    names_product_alone,
    not_looked_for,
    plain,
    plainly_asked,
    reserves,
    said_beside,
    says_it_stays,
    says_looked,
    says_only,
    says_whole,
    truth,
    turns_round,
    without_answer,
)
from proscribe.app.kb.search_limits import asks_of_less, asks_of_the_list, limits, limits_scope
from proscribe.documents.search import SCAN_MAY_BE_DAYS_OLD
from proscribe.documents.words import (
    KINDS_OF_SEARCHES,
    in_words,
    interview_in_words,
    kind_of,
    search_in_words,
)
from proscribe.model.organisations import Person
from proscribe.model.papers import Inquiry, Offering, PaperInputs, PersonAsked, SourceSearched
from proscribe.model.people import same_person
from proscribe.rules.facts import WrongValue

_SHOWN = 160
#: The kind of a search that walks a place.
_VISIT = "site visit"
#: Letters and digits of the name of a product at least.
_SHORT_NAME = 3


def admitted(inquiry: Inquiry | None, firms: Firms, offering: Offering | None = None) -> Iterator[str]:
    """Yield, in words, what the record of a search says against itself, each once, with why it does.

    Args:
        offering: of a certificate, which is of one product: a scope that names it alone is the whole of it.
    """
    if inquiry is None:
        return
    days = [one.on for one in inquiry.searched]
    since = _since(max(days)) if days else None
    for name, text in (("scope", inquiry.scope), ("method", inquiry.method)):
        if not text.strip() or (name == "scope" and is_of_product(text, firms, offering)):
            continue
        # of the scope nothing but that it is all leaves nothing out
        partly = _less_of_scope(text, firms, since) if name == "scope" else _beside_method(text, firms, since)
        if why := _short_of(text) or partly or _other_firms(text, firms):
            yield f"its {name} says: {text[:_SHOWN]} ({why})"
    for source in inquiry.searched:
        yield from _of_source(source, firms)
    for asked in inquiry.people:
        who = asked.person
        if names_no_one_fit(who.name) or (who.title and names_no_one_fit(who.title.title())):
            yield f"who was asked {asked.question[:_SHOWN]!r} is {f'{who.name} {who.title}'.strip()[:_SHOWN]}"
        against = against_answer(asked, firms)
        if against:
            yield f"{who.name} was asked {asked.question[:_SHOWN]!r} and said {asked.answer[:_SHOWN]!r}: {against}"


def beside_names(inputs: PaperInputs, firms: Firms) -> Iterator[str]:
    """Yield, in words, what names and titles say beside who it is: that they stand for less than all, or a firm of the law."""
    people = (("author", inputs.author), ("approver", inputs.approver), ("signer", inputs.signer))
    said = [("organisation", inputs.organisation.name)]
    said += [
        (f"{role}'s {what}", text)
        for role, one in people
        if one
        for what, text in (("name", one.name), ("title", one.title))
    ]
    for what, text in said:
        if text.strip() and (limits_names(text) or firms.named_in(text)):
            yield f"the {what} is {text[:_SHOWN]!r}"


def names_to_read(inputs: PaperInputs, known: Collection[str]) -> Iterator[str]:
    """Yield the names and titles that a document prints and that are of no plain form, each with whose it is.

    The organisation bears a legal form, a person a name written as names are or known, a title an office of a closed list. Where
    nobody is named who approves, an organisation may be without a legal form.

    Args:
        known: names of the people of the roster, which nobody types for one document.
    """
    if not is_plain_company(inputs.organisation.name, any_form=inputs.approver is None):
        yield f"Name of the organisation: {inputs.organisation.name}"
    for role, one in (("author", inputs.author), ("approver", inputs.approver), ("signer", inputs.signer)):
        if one is not None and not _is_plainly(one, known, others=inputs.approver is None):
            yield f"The {role}: {in_words(one)}"


def words_to_read(
    inquiry: Inquiry | None,
    known: Collection[str],
    *,
    others: bool,
    files: Collection[str] = (),
    roster: Collection[str] = (),
    of_product: bool = False,
) -> Iterator[str]:
    """Yield what somebody wrote on a search that is more than a small plain statement, word for word.

    Args:
        known: names of the people of the document, the roster and the configuration.
        others: whether somebody else may have searched, whose name is written as names are.
        files: names of the files that scans read.
        roster: names of the people of the roster, which nobody types for one document.
        of_product: whether the scope is that of the product of a certificate; see `is_of_product`.
    """

    def is_someone(name: str) -> bool:
        is_known = others or any(same_person(name, one) for one in known)
        return is_known and _is_named(name, roster, others=others)

    if inquiry is None:
        return
    for name, text, plainly in (
        ("Scope", inquiry.scope, of_product or is_plain_scope(inquiry.scope)),
        ("Method", inquiry.method, is_plain_search(inquiry.method)),
    ):
        if text.strip() and not plainly:
            yield f"{name}: {text}"
    for source in inquiry.searched:
        since = _since(source.on) if source.name in files else None
        what = kind_of(source) in KINDS_OF_SEARCHES and is_plain_source(source.name, of_file_since=since)
        if not (what and is_plain_search(source.how) and is_someone(source.by)):
            yield search_in_words(source)
    for asked in inquiry.people:
        if not (_only_answers(asked) and _is_plainly(asked.person, roster, others=others)):
            yield interview_in_words(asked)


def _is_plainly(one: Person, roster: Collection[str], *, others: bool) -> bool:
    return _is_named(one.name, roster, others=others) and is_plain_title(one.title)


def _is_named(name: str, roster: Collection[str], *, others: bool) -> bool:
    """Tell whether a name is of the roster or written as names are; without capitals only where nobody is named who reads it."""
    of_roster = any(same_person(name, one) for one in roster)
    return of_roster or is_a_name(name) or (others and is_a_name_without_capitals(name))


def _only_answers(asked: PersonAsked) -> bool:
    """Tell whether an answer is the one word that leaves nothing, to a question that takes nothing out."""
    good = plainly_asked(asked.question)
    return good is not None and says_only(asked.answer) is good


def is_of_product(text: str, firms: Firms, offering: Offering | None) -> bool:
    """Tell whether a scope names the product of a certificate and nothing besides: "Product IP-Panel 7".

    A name that itself says less than a whole, or names a maker of the law, is no scope.
    """
    if offering is None:
        return False
    said, found = text, []
    for one in sorted({offering.name.strip(), offering.part_number.strip()}, key=len, reverse=True):
        name = re.compile(rf"(?<!\w){re.escape(one)}(?!\w)", re.IGNORECASE)
        if len(plain(one)) >= _SHORT_NAME and name.search(said):
            said = name.sub(" ", said)
            found.append(one)
    if revision := offering.revision.strip():
        said = re.sub(rf"(?<!\w){re.escape(revision)}(?!\w)", " ", said, flags=re.IGNORECASE)
    return (
        bool(found)
        and names_product_alone(said)
        and not any(
            _short_of(one)
            or is_less(one)
            or limits_scope(one)
            or is_narrowed(one)
            or reserves(one)
            or firms.heard_in(one)
            for one in found
        )
    )


def _less_of_scope(text: str, firms: Firms, since: date | None) -> str:
    """Say why a scope is less than the whole; empty where it says that it is all."""
    if firms.names_any(text):
        return "it names a maker, as if that one alone had been looked for"
    if limit := limits_scope(text, since):
        return f"“{limit}” is less than all"
    if is_less(text):
        return "it says that it is less than all"
    return (
        ""
        if says_whole(text)
        else "it does not say that it is all: write that, such as “all sites and systems of the company”, where it is so"
    )


def _beside_method(text: str, firms: Firms, since: date | None) -> str:
    """Say what a method says beside how was searched; empty where it says that alone."""
    if limit := limits(text, since):
        return f"“{limit}” is less than all"
    return "it says more than how it was searched" if said_beside(text, firms.is_named) else ""


def _short_of(text: str) -> str:
    """Say why words on a search admit that it falls short; empty where they do not."""
    if is_unsearched(text):
        return "it says that something was not searched"
    if is_cut(text):
        return "it breaks off"
    return "it says that something stays" if says_it_stays(text) else ""


def _other_firms(text: str, firms: Firms) -> str:
    named = _beside_the_search(text, firms)
    return f"it names {', '.join(named)} otherwise than as what was looked for" if named else ""


def _falls_short(text: str) -> bool:
    return bool(_short_of(text))


def _since(day: date) -> date:
    """Give the first day that counts as one of a search."""
    return date.fromordinal(max(1, day.toordinal() - SCAN_MAY_BE_DAYS_OLD))


def _of_source(source: SourceSearched, firms: Firms) -> Iterator[str]:
    how, name = source.how, source.name
    beside = said_beside(how, firms.is_named) or not says_looked(how)
    beside = beside or limits(how, _since(source.on), walked=kind_of(source) == _VISIT)
    if _falls_short(how) or is_less(how) or beside or "?" in how:
        yield f"how {name[:_SHOWN]} was searched: {how[:_SHOWN]}"
    elif named := _beside_the_search(how, firms) or (["another maker"] if firms.names_other(how) else []):
        yield f"how {name[:_SHOWN]} was searched names {', '.join(named)}: {how[:_SHOWN]}"
    if (
        reserves(name)
        or is_cut(name)
        or is_less(name)
        or is_narrowed(name)
        or says_it_stays(name)
        or limits_scope(name)
        or firms.named_in(name)
    ):
        yield f"what was searched is called {name[:_SHOWN]}"
    if names_no_one_fit(source.by) or firms.named_in(source.by):
        yield f"{name[:_SHOWN]} was searched by {source.by[:_SHOWN]}"


def _beside_the_search(text: str, firms: Firms) -> list[str]:
    """Give the firms that words on a search name otherwise than as what was looked for."""
    return firms.heard_in(". ".join(not_looked_for(text, lambda part: bool(firms.heard_in(part)))))


def against_answer(asked: PersonAsked, firms: Firms) -> str:
    """Say what an answer leaves open or admits, read together with its question; empty when it does neither."""
    said, question = asked.answer, asked.question
    if not any(map(str.isalnum, said)) or (is_not_known(said) and not is_none_at_all(said)):
        return "that answers nothing"
    if "?" in said or "？" in said:
        return "that asks back"
    named = firms.heard_in(without_answer(said))
    if named:
        return f"that names {', '.join(named)}"
    if reserves(said):
        return "that leaves something out, or supposes it"
    plainly, good = _plainly(said), good_answer(question)
    about = bool(firms.named_in(question)) and not (
        good and (asks_whether_gone(question) or says_looked(question))
    )
    if plainly is True and (good is False or about):
        return "that says yes to it"
    if plainly is False and good is True:
        return "that says no to it"
    if plainly is not None and plainly is good:
        if without := asks_of_less(question):
            return f"it is asked of less than all there is ({without})"
        if good is False and asks_of_the_list(question):
            return "it is asked of what stands on the list"
    if plainly is not None and good is None and (turns_round(question) or firms.named_in(question)):
        return "it is not understood which answer to this question leaves nothing"
    if plainly is None and good is None:
        return "" if len(said.split()) > 1 else "that answers nothing"
    left = left_unsaid(said, firms.names_other, firms.is_named)
    return (
        f"that says more than yes or no, and nobody has said what it means: {left[:_SHOWN]!r}" if left else ""
    )


def _plainly(said: str) -> bool | None:
    """Give the yes or no of an answer; none of anything is a no."""
    try:
        plainly = truth(said)
    except WrongValue:
        return None
    return False if plainly is None and is_none_at_all(said) else plainly
