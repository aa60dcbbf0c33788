"""The page of every error code, gathered from the rooms that raise them."""

from __future__ import annotations

_CALL = {
    "E140": ("a column that was not read names a screened firm", "The answer does not count what stands there.", "Read it with --map 'COLUMN=text'."),
    "E141": ("join decisions that cannot be used", "The file named with --joins is missing, or a decision in it lacks what it needs.", "A decision says same or different, a join or two keys, who, when and why; see docs/devices.md."),
    "E142": ("no such join", "--without-join names an id that these inputs do not make.", "Take the id from the report of the same inputs."),
    "E143": ("join decisions that are not strict YAML", "The file holds anchors, a key twice, more than the bounds allow, or is not YAML.", "Write it plainly; see docs/devices.md."),
    "E151": ("not a date", "Dates are ISO days.", "Write 2026-11-25."),
    "E152": ("not an output format", "The word before the equals sign of -o is not a format.", "Use one of those listed."),
    "E153": ("two formats for standard output", "Only one -o may go without a file.", "Give the others a file: -o html=report.html."),
    "E154": ("a mapping without column or field", "--map needs COLUMN=FIELD.", "Write --map 'Item name=text'."),
    "E155": ("no such code", "This version has no code of that number.", "Check the spelling."),
    "E156": ("a finding needs its scan", "A finding is explained from the scan that made it.", "Add --scan scan.json."),
    "E157": ("not the JSON of a scan", "The file named with --scan could not be read as a scan.", "Write one with -o json=scan.json."),
    "E158": ("no such finding", "The scan holds no finding of that id.", "Look the id up in the scan."),
    "E159": ("not a content field", "--field takes a field whose text is matched.", "Use text, model_number, mac, ..."),
    "E501": ("no permission", "The system refused to read or write there.", "Choose another place, or change its rights."),
    "E502": ("an extra is not installed", "This part of the program needs a package that a plain installation leaves out.", "Install the extra that the message names: python -m pip install 'proscribe[app]'."),
    "E510": ("cannot write", "The file could not be written; nothing half-written was left.", "Check the place and the free space."),
    "E511": ("a worker process was ended", "The system ended a process before its part was matched, most often for lack of memory.", "Run again with --processes 1."),
}  # fmt: skip
_COLLECT = {
    "E520": ("not a target", "Targets are addresses and CIDR blocks. Host names are not looked up: that would ask a third party, and the answer may lie anywhere.", "Write 192.168.1.64 or 192.168.1.0/24, or the name of a file that lists such."),
    "E521": ("too many targets", "One run asks at most 4,096 addresses, so that a typing error does not sweep a network.", "Name the addresses that hold devices, or run block by block."),
    "E522": ("a public address", "The address is on the public internet, where a question to a device that is not yours can be an offence.", "If it is yours and you may ask it there, add --allow-public."),
    "E523": ("not the address of one device", "Multicast groups, broadcast, unspecified, reserved and link-local IPv6 addresses are never asked.", "Name the devices' own addresses."),
    "E524": ("no targets", "The list of targets cannot be read, is too large, or names none.", "Write one address or CIDR block on a line."),
    "E525": ("no SNMP community", "A community is a credential. None is guessed, not even the usual ones.", "Give the one you were given with --community, or in PROSCRIBE_SNMP_COMMUNITY."),
    "E526": ("options that do not go together", "Nothing was sent.", "Follow the message."),
    "E527": ("the network cannot be opened", "The system refused the socket, the port is taken, or multicast is not possible there.", "Close the program that holds the port, or ask each target without --multicast."),
    "E528": ("a question outside the targets", "The last gate before the network held a question back that was not for a target. Nothing was sent.", "Report it: it is a fault of the program."),
    "E529": ("the capture exists", "A capture is evidence and is not written over.", "Name another file with -o."),
}  # fmt: skip
_KNOWLEDGE = {
    "E201": "knowledge missing or empty", "E202": "knowledge damaged", "E203": "knowledge of another schema",
    "E204": "two ownership rows overlap", "E205": "not valid YAML or UTF-8", "E206": "a key stands twice",
    "E207": "anchors, tags and merge keys are refused", "E208": "too large or nested too deeply",
    "E209": "unknown field", "E210": "a required field is missing", "E211": "value not in the closed list",
    "E212": "value of the wrong shape", "E213": "CSV that cannot be read", "E214": "an id is used twice",
    "E215": "reference to something that is not there", "E216": "dates out of order",
    "E217": "example or near-miss missing", "E218": "a pattern that could run for ever",
    "E219": "an anchor that is not in every match", "E220": "a doubtful fact graded sure",
    "E221": "a review is overdue", "E223": "no such fact", "E224": "an own fact without the org: prefix, or a clash",
    "E225": "a local decision that cannot be used", "E226": "a file in the wrong place, or unreadable",
    "E227": "a released id has gone", "E228": "no such document",
}  # fmt: skip
_RULES = {
    "E301": "a rule or calendar file of another shape", "E302": "a rule refers to something that is not there",
    "E303": "an id of the law is used twice", "E304": "an expression that cannot be read",
    "E305": "two exceptions apply and disagree",
}  # fmt: skip
_CASES = {
    "E401": ("no such fact", "A case states a fact that the vocabulary does not have.", "Use the name that the message suggests."),
    "E402": ("not a value of the fact", "The fact exists, and the value is not one of those it can take.", "Use one of the values listed."),
    "E403": ("no such regime", "The regime is not in this version, or cannot be asked by name.", "See `proscribe law list`."),
    "E404": ("not a date", "A day of the case or of an option cannot be read.", "Write YYYY-MM-DD."),
    "E405": ("facts that contradict each other", "They cannot hold together, so any answer could be drawn from them.", "Correct one of the two, or leave it out: a fact that is absent is unknown."),
    "E406": ("a case of another shape", "A field is missing, unknown or of the wrong kind; no case of the file was decided.", "See docs/examples/case.yml."),
    "E407": ("a case file that is not strict YAML", "The text could not be parsed.", "Correct the line named."),
    "E408": ("a key stands twice", "Which of the two values was meant cannot be known.", "Remove one."),
    "E409": ("anchors, tags and merge keys are refused", "A case says in full what it says.", "Write the value out."),
    "E410": ("a case file too large or nested too deeply", "The bounds protect against hostile files.", "Split the file."),
    "E411": ("the case file cannot be read", "There is no such file, or the system refused to open it.", "Check the path and its rights."),
    "E412": ("no answers to a questionnaire", "No sheet or table of the file has the columns of a questionnaire.", "Write one with `proscribe questions scan.json -o xlsx=questions.xlsx` and keep its columns."),
}  # fmt: skip
_CASEWORK = {
    "E420": ("no store of cases there", "The place named holds no store, or something else, or the database refused.", "Check --store and PROSCRIBE_STORE; `proscribe case open` makes a store."),
    "E421": ("a store of a newer version", "It was written by a newer version of the program, which an older one could damage.", "Update the program."),
    "E422": ("the case has changed since", "Somebody else wrote to the case after you looked at it. Nothing was overwritten.", "Look at the case again, then repeat the command."),
    "E423": ("no such case or record", "Nothing of that id is in the store.", "See `proscribe case list` and `proscribe case show CASE`."),
    "E424": ("not possible in this state", "The case or the record is not in a state in which that can happen.", "The message says what it is now, and what has to come first."),
    "E425": ("the author is missing", "Everything in a case is done by a person who is named.", "Give --by NAME, or set PROSCRIBE_USER."),
    "E426": ("author and approver are one person", "Whoever wrote a determination, a document or a waiver request cannot release it.", "Have a second person run the command."),
    "E427": ("the store is damaged", "The chain of events does not hold, or the file is damaged.", "Run `proscribe case verify`, and restore a backup."),
    "E428": ("no UEI or CAGE code", "The text cannot be one: a UEI has 12 letters and digits, a CAGE code 5, without I and O.", "Copy it from SAM."),
    "E429": ("no such clause", "A clause that this version does not know could start a clock that nobody watches.", "Correct the number; see `proscribe law list`."),
    "E430": ("a day that cannot be", "It lies before the law, or the dates are out of order.", "Check the dates."),
    "E431": ("clocks run", "A case is not closed while a duty runs.", "Meet the duty, or withdraw it with a reason."),
    "E432": ("submitted before", "The same report would have gone out twice.", "Report what is new as a supplement."),
    "E433": ("a file of another kind", "It is not the JSON of a scan, a backup, a bundle or a head, or it cannot be read.", "Give the file that the message names."),
    "E434": ("the waiver route was not open", "The authority to grant this waiver had ended, or never reached this case.", "See `proscribe waiver check CASE/WAIVER --on DATE`."),
    "E435": ("reasons stand against the document", "A document is not approved while findings, unknown facts or unsearched sources stand against it.", "Settle them, or have a named approver override each one with a reason."),
    "E436": ("a damaged or repeated archive", "The backup or bundle is not as it was written, or its case is in the store already. Nothing was taken from it.", "Ask for it again."),
    "E437": ("the store is busy", "Another command held the store for too long. Nothing was written.", "Try again."),
    "E438": ("words are missing", "A title, reason, scope or day that somebody will have to read years later is missing.", "Give it."),
    "E439": ("no such finding in the case", "Only findings of the scans that are attached can be judged.", "See `proscribe case show CASE`."),
    "E440": ("not an instant, or no such time zone", "A time needs an offset from UTC and has to have passed; a zone needs its IANA name.", "Write 2026-11-25T09:30:00-05:00; America/New_York."),
    "E441": ("the target is not free", "A backup is never written over what is there, nor restored over cases.", "Choose another name."),
    "E445": ("not a devices report", "The file is not what `proscribe devices -o json` writes; the place of the first fault is named.", "Give the file that it wrote."),
    "E446": ("a devices report that does not hang together", "It does not hold what it counts, or names findings, devices or inputs that it does not list.", "Join the records again with `proscribe devices`, and attach that file as it is."),
    "E447": ("no such device in the case", "No devices report that was attached to the case holds a device of that id.", "See `proscribe case show CASE`, or attach the report."),
    "E443": ("not what the field holds", "A number, name or code is too long, or holds characters that do not print.", "Copy it from the contract or from SAM."),
    "E444": ("not signed by a key that you trust", "Anybody can write a bundle or a backup. One is taken only when its signature fits a key that you name, or when you say that you do without.", "Give --key PEM or --fingerprint HEX; or --unsigned when you know where the file comes from."),
    "E442": ("content is missing or altered", "The stored bytes are not those that their digest names, or were not given.", "Run `proscribe case verify`."),
}  # fmt: skip
_PAPERS = {
    "E450": ("not a unique entity identifier", "A UEI has 12 capital letters and digits without I and O, does not begin with 0, and holds no nine digits in a row. No document was made.", "Look it up in SAM; write 'not known' where nobody knows it."),
    "E451": ("not a CAGE code", "A CAGE code has 5 capital letters and digits without I and O. No document was made.", "Look it up in SAM; write 'not known' where nobody knows it."),
    "E452": ("a clause that is not known, or not in the contract", "A document rests on one clause and its edition; the contract names another, or an edition that never was.", "Look at the clauses of the contract, or make the document of the clause it carries."),
    "E453": ("a day before the provision existed", "On the day named there was no such provision to represent or report under.", "Give the day on which the document is made."),
    "E454": ("a name is missing", "A document says whose it is, and a signed one says who signs and who approved.", "Name the organisation, the author and the approver."),
    "E455": ("author and approver are one person", "Nobody approves a document of their own.", "Have someone else approve it."),
    "E456": ("an override that has no place", "It names nothing that stands against the document, or what no person may sign away, such as a confirmed finding.", "Build the document without overrides and read what stands against it."),
    "E457": ("an override without approver or reason", "An override is printed with the name of an approver, who is not the author, and a reason.", "Give both."),
    "E458": ("the inputs do not make this document", "Something it is about is missing or contradicts itself: an item, an offering, an award, a stage, an answer.", "Follow the message."),
    "E459": ("no such type of document", "The types are a closed list.", "Choose one of those listed."),
    "E460": ("data of another shape", "The JSON does not meet the released schema of its type, so it was not shown or stored.", "Use the JSON as this program wrote it."),
    "E461": ("inputs of another shape", "A field is unknown, missing or of the wrong kind, a scan handed over is none or holds other findings than it counts, or a file would be passed over; no document was made.", "Correct the place named; docs/documents.md lists the fields."),
    "E462": ("no such format of a document", "Documents are written as JSON, PDF, Word and Markdown.", "Choose one of those listed."),
    "E463": ("a text or a list that is too long", "Texts that people write are never cut in a document, so they are bounded.", "Attach the text as a file, or split the document."),
    "E464": ("dates that cannot hold together", "An instant has no offset, or the signature is older than the document or later than the last day on which it speaks.", "Correct the date named."),
    "E465": ("a file of the document's contents cannot be used", "It cannot be read, is too large (8 MB of YAML, 512 MiB of a scan), is no mapping of fields, states what the program knows itself, has a list or a person of another shape, or names a record that no finding of the scans has. No document was made.", "Correct the file; docs/documents.md lists the fields."),
    "E466": ("the parts list cannot be used", "It is no file or several, has no lines, too many, or some that could not be read; a column that was not read names a firm; or a line is to be resolved that is not there, is not open, is an assembly, has no reason, is cleared by the author, or as made by a firm that is named.", "Export the bill of materials again, one product a file; correct the entry under resolved."),
}  # fmt: skip
_SUPPLIERS = {
    "E490": ("the list of suppliers cannot be used", "It cannot be read, no column holds names of suppliers, it names none, or nobody is named who asks. Nobody was asked.", "Give a table with a column such as Supplier; see docs/suppliers.md."),
    "E491": ("a row of the list of suppliers", "The row was not taken, or not as it stands: no name, an identifier that cannot be one, two values for one supplier, or a parent that is not there.", "Correct the row, and run the campaign for it again."),
    "E492": ("the folder is not empty", "Forms and texts go to a folder of their own, and nothing is written over.", "Name another folder."),
    "E493": ("not a returned form", "The file is neither a form of ours nor the answers that its page saves, is damaged, or is larger than any form. Nothing was taken from it.", "Ask the supplier for the file again."),
    "E494": ("answers that are missing or of the wrong kind", "The form was refused whole: an answer is missing, of the wrong kind or too long, or it is a draft.", "Send the message to the supplier with the form."),
    "E495": ("not the form that was made out", "It answers another supplier's form, an older one, or one whose questions were changed.", "Send the supplier its newest form: proscribe supplier forms CASE."),
    "E496": ("a formula in a returned form", "What a formula shows may be another thing tomorrow, so no answer is taken from one.", "Ask the supplier to type the answers as text."),
    "E497": ("a signed answer whose signature does not hold", "The bundle was changed, is signed with another key than those you gave, or signs something else.", "Ask the supplier for the file again, and for its public key by another way."),
    "E498": ("no such supplier", "Nobody of that id or name was asked, or several were.", "See `proscribe supplier list`, and give the id."),
    "E499": ("not possible for this supplier", "It has answered, or is not waited for.", "See `proscribe supplier status`."),
}  # fmt: skip
_SIGNING = {
    "E471": ("not a bundle", "The file is no bundle of ours, is damaged, or is larger than the bounds; nothing in it was believed.", "Ask the sender for it again and compare its size."),
    "E472": ("the signature envelope cannot be read", "attestation.dsse.json is not a signed in-toto statement as this program writes it.", "Ask the sender for the bundle again."),
    "E473": ("the signed statement cannot be read", "What was signed has another shape.", "Ask the sender for the bundle again; a newer version may have written it."),
    "E474": ("a timestamp that cannot be used", "The authority refused, answered about other bytes, or the answer is no RFC 3161 response.", "Write the request again and send it once more."),
    "E480": ("the passphrase is too short", "A signing key never lies on a disk without a passphrase worth the name.", "Choose a sentence of at least 12 characters that only the signer knows."),
    "E481": ("not a public key", "The file is no ECDSA P-256 public key or certificate.", "Ask the signer for the .pub.pem that was written beside the private key."),
    "E482": ("the signing key cannot be used", "The file is no encrypted private key, or the passphrase does not open it.", "Check the file and the passphrase."),
    "E483": ("the token cannot sign", "The PKCS#11 library, the token, the key or the PIN was refused.", "Check them with the vendor's own tool."),
    "E484": ("who signs is not clear", "A signature comes from one key.", "Give exactly one of --key FILE and --pkcs11 LIBRARY."),
    "E485": ("a file cannot be read", "A file to be signed or checked is missing, unreadable or too large.", "Check the path and its rights."),
    "E486": ("a name that is taken", "A key is never written over another, and two files of a bundle cannot share a name.", "Choose another name."),
    "E487": ("not a document of ours", "Only documents that this program made can be signed, since it checks what they say against the signature.", "Make one with `proscribe represent`, `report` or `certify`."),
    "E488": ("it cannot be signed", "The document was refused, holds an obstacle that nobody lifted, speaks only to a day before the signature, or nobody is named as the signer.", "Lift the obstacles it lists, have an approver override them, or give --by NAME."),
    "E489": ("not an instant", "A moment is a day, a time and an offset from UTC.", "Write 2026-11-25T14:30:00-05:00."),
}  # fmt: skip


def page(code: str) -> str | None:
    """Give the page of a code, or `None` when no room raises it."""
    from proscribe.readers import CODES as read
    from proscribe.reports.scan.codes import CODES as written

    found = read.get(code) or written.get(code)
    if found is not None:
        return _page(code, found.title, found.meaning, found.next_step)
    if code in _CALL:
        return _page(code, *_CALL[code])
    if code in _CASES:
        return _page(code, *_CASES[code])
    if code in _PAPERS:
        return _page(code, *_PAPERS[code])
    if code in _COLLECT:
        return _page(code, *_COLLECT[code])
    if code in _CASEWORK:
        return _page(code, *_CASEWORK[code])
    if code in _SUPPLIERS:
        return _page(code, *_SUPPLIERS[code])
    if code in _SIGNING:
        return _page(code, *_SIGNING[code])
    if code in _RULES:
        return _page(
            code,
            _RULES[code],
            "A rule that cannot be evaluated is never skipped: its silence would read as permission. Nothing was decided.",
            "The message names the rule. In knowledge of your own, mend it and run `proscribe decide CASES.yml --check`; in the "
            "knowledge as shipped, report it with the case.",
        )
    if code in _KNOWLEDGE:
        return _page(
            code,
            _KNOWLEDGE[code],
            "Knowledge is refused rather than used in part: a missing fact could read as a clearance.",
            "The message names file and line, what was expected, and the nearest valid name; mend it there and run "
            "`proscribe kb lint`.",
        )
    return None


def _page(code: str, title: str, meaning: str, next_step: str) -> str:
    return f"{code}  {title}\n\n  {meaning}\n\n  What to do: {next_step}"
