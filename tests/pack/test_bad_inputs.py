"""Every mistake in a pack is told in one clear sentence: where, what is wrong, what to do.

Each case changes one text of a good file. `^` in the new text is no part of it: it marks the place
that a message names, so that cases survive when the packs grow. The message is pinned in full.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from negsim.errors import InputError
from negsim.pack import yaml_tree
from negsim.pack.catalogue import shipped
from negsim.pack.load import FILES, MOST, load_pack

TWO_TOWNS = "two-towns"
JANUARY = "january-2022"


def case(
    name: str, old: str, new: str, *said: str, file: str = "pack.yaml", pack: str = TWO_TOWNS
) -> Any:
    """What is said when the old text, where it stands first, becomes the new: one `^` a message.

    `<+1>` in a message is the number of the line after the one that the message names.
    """
    return pytest.param(pack, file, old, new, said, id=name)


YAML = [
    case(
        "one space too few",
        (
            "  highwell:\n    name: Highwell\n    about: The demander. It lies upstream and is "
            "flooded in spring."
        ),
        (
            "  highwell:\n   name: Highwell\n    about^: The demander. It lies upstream and is "
            "flooded in spring."
        ),
        (
            'the colon after "about" does not fit here; check the indentation and the line '
            "above, or put a text with a colon in quotes"
        ),
    ),
    case(
        "one space too many",
        "minutes: 10\n",
        "minutes: 10\n  difficulty^: advanced\n",
        (
            'the colon after "difficulty" does not fit here; check the indentation and the '
            "line above, or put a text with a colon in quotes"
        ),
    ),
    case(
        "text after a quoted text",
        "title: Two towns and a weir",
        'title: "Two towns" ^and a weir',
        '"and a weir" stands after a quoted text; put all of it in the quotes',
    ),
    case(
        "unknown escape",
        "title: Two towns and a weir",
        'title: ^"Two \\q towns"',
        (
            'the quoted text ""Two \\q towns"" has a backslash that means nothing; write two '
            "backslashes"
        ),
    ),
    case(
        "tab for spaces",
        "  highwell:\n    name",
        "^\thighwell:\n    name",
        'a tab stands before "highwell:"; indent with spaces',
    ),
    case(
        "bracket not closed",
        "items: [weir, gate, gauge]",
        "items: ^[weir, gate, gauge",
        (
            'the bracket of "[weir, gate, gauge" is not closed, or a comma is missing, up to '
            "line <+1>; add it"
        ),
    ),
    case(
        "brace not closed",
        "partners:\n      fishers: {}",
        "partners:\n      fishers: ^{",
        'the bracket of "{" is not closed, or a comma is missing, up to line <+2>; add it',
    ),
    case(
        "wrong bracket",
        "items: [weir, gate, gauge]",
        "items: ^[weir, gate, gauge}",
        (
            'the bracket of "[weir, gate, gauge}" is not closed, or a comma is missing, up to '
            "line <+0>; add it"
        ),
    ),
    case(
        "bracket too many",
        "items: [weir, gate, gauge]",
        "items: [weir, gate, gauge]^]",
        (
            '"]" does not fit here; check the indentation, and that the quotes and brackets '
            "before it are closed"
        ),
    ),
    case(
        "colon in a text",
        "title: Two towns",
        "title: Two towns^: a quarrel",
        (
            'the colon after "title: Two towns" does not fit here; check the indentation and '
            "the line above, or put a text with a colon in quotes"
        ),
    ),
    case(
        "no colon",
        "title: Two towns and a weir",
        "^title Two towns and a weir",
        '"title Two towns and a weir" has no colon; write key: value',
    ),
    case(
        "no colon at the end",
        "  - do: consult/letter/fishers/shown-again\n    basis: invented",
        "  - do consult/letter/fishers/shown-again\n    x\n    basis^: invented",
        (
            'the colon after "basis" does not fit here; check the indentation and the line '
            "above, or put a text with a colon in quotes"
        ),
        file="record.yaml",
    ),
    case(
        "sign of YAML",
        "title: Two towns",
        "title: ^@Two towns",
        '"@Two towns and a weir" starts with a sign of YAML\'s own; put the text in quotes',
    ),
    case(
        "list among keys",
        "minutes: 10",
        "^- minutes: 10",
        (
            '"- minutes: 10" does not fit here; check the indentation, and that the quotes and '
            "brackets before it are closed"
        ),
    ),
    case(
        "two documents",
        "minutes: 10",
        "^---\nminutes: 10",
        "a second document starts here; keep one to a file",
    ),
    case(
        "alias and anchor",
        "title: Two towns and a weir\nabout: An",
        "title: ^&a Two towns and a weir\nabout: ^*a ^An",
        'the anchor "&a" is not read; remove it',
        'the alias "*a" is not read; write the text',
        (
            '"An invented quarrel over a ..." does not fit here; check the indentation, and '
            "that the quotes and brackets before it are closed"
        ),
    ),
    case(
        "tag",
        "title: Two towns and a weir",
        "title: ^!!python/object:os.system ls",
        'the tag "!!python/object:os.system" is not read; remove it',
    ),
    case(
        "list as key",
        "minutes: 10",
        "? ^[minutes]\n: 10",
        "a list or map stands here as a key; write plain text",
    ),
    case(
        "duplicate key",
        "minutes: 10",
        "minutes: 10\n^minutes: 20",
        'the key "minutes" stands here again (first on line <-1>); keep one',
    ),
    case(
        "duplicate deep key thrice",
        "      mayor: {name: the mayor of Highwell, authority: decider}",
        "      mayor: {name: the mayor, ^name: a mayor, authority: decider, ^name: x}",
        'the key "name" stands here again (first on line <+0>); keep one',
        'the key "name" stands here again (first on line <+0>); keep one',
    ),
    case(
        "carriage return",
        "title: Two towns",
        'title: ^"a\\rb"\nx: Two towns',
        "the hidden character U+000D stands here; remove it",
    ),
    case(
        "bidi escape",
        "title: Two towns",
        'title: ^"\\u202e"\nx: Two towns',
        "the hidden character U+202E stands here; remove it",
    ),
    case(
        "bidi raw",
        "title: Two towns",
        "title: ^\u202eTwo towns",
        "the hidden character U+202E stands here; remove it",
    ),
    case(
        "raw control",
        "title: Two towns",
        "title: ^\x1b[2JTwo towns",
        "the hidden character U+001B stands here; remove it",
    ),
    case(
        "zero-width key",
        "title: Two towns",
        "ti^\u200btle: Two towns",
        "the hidden character U+200B stands here; remove it",
    ),
    case(
        "quote closed too late",
        "title: Two towns and a weir\nabout: An",
        'title: ^"Two towns and a weir\nabout: "An',
        'the quote of ""Two towns and a weir" ends only on line <+1>; close it here',
    ),
]

VALUES = [
    case(
        "number for a text",
        "title: Two towns and a weir",
        "title: ^2022",
        '"2022" is no text; put it in quotes',
    ),
    case(
        "true for a text",
        "title: Two towns and a weir",
        "title: ^true",
        '"true" is no text; put it in quotes',
    ),
    case(
        "nothing for a text",
        "title: Two towns and a weir",
        "title:^",
        "nothing stands where text belongs; write a text",
    ),
    case(
        "map for a text",
        "title: Two towns and a weir",
        "title: ^{en: Two towns}",
        'a map with "en" stands where text belongs; write a text',
    ),
    case(
        "text for a number",
        "minutes: 10",
        "minutes: ^ten",
        '"ten" stands where a whole number belongs; write one',
    ),
    case(
        "quoted number",
        "minutes: 10",
        'minutes: ^"10"',
        '"10" is text because of its quotes; remove the quotes',
    ),
    case(
        "true for a number",
        "minutes: 10",
        "minutes: ^true",
        '"true" stands where a whole number belongs; write one',
    ),
    case(
        "yes for true",
        "invented: true",
        "invented: ^yes",
        '"yes" stands where true or false belongs; write one of the two',
    ),
    case(
        "quoted true",
        "invented: true",
        'invented: ^"true"',
        '"true" is text because of its quotes; remove the quotes',
    ),
    case(
        "list for a map",
        (
            "voices:\n      mayor: {name: the mayor of Highwell, authority: decider}\n      "
            "clerk: {name: the town clerk of Highwell, authority: courier}"
        ),
        "voices: ^[mayor, clerk]",
        "a list stands where a map belongs; write lines of the form key: value",
    ),
    case(
        "text for a map",
        "      fishers: {}",
        "      fishers: ^partner",
        '"partner" stands where a map belongs; write lines of the form key: value',
    ),
    case(
        "map for a list",
        "items: [weir, gate, gauge]",
        "items: ^{weir: 1, gate: 2}",
        'a map with "weir" stands where a list belongs; write it in [ ] or in lines after a -',
    ),
    case(
        "text for a list",
        "items: [weir, gate, gauge]",
        "items: ^weir",
        '"weir" stands where a list belongs; write it in [ ] or in lines after a -',
    ),
    case(
        "the whole file is a list",
        "format: 1\nsources: {}\nfacts: {}",
        "^- format",
        "a list stands where a map belongs; write lines of the form key: value",
        file="facts.yaml",
    ),
    case(
        "number as a list's text",
        "items: [weir, gate, gauge]",
        "items: [weir, ^7, gauge]",
        '"7" is no text; put it in quotes',
    ),
    case(
        "nothing as a condition's value",
        "when: {letter.decision: accept}",
        "when: {letter.decision: ^}",
        (
            "nothing stands where a text, a whole number, true or false, a list of values or "
            "{min: ..., max: ...} belongs; write one of these"
        ),
    ),
    case(
        "map as a condition's value",
        "when: {letter.decision: accept}",
        "when: {letter.decision: {^is: accept}}",
        'unknown key "is"; there is "max", "min"',
    ),
    case(
        "wrong range key",
        "when: {letter.decision: accept}",
        "when: {letter.decision: {min: accept, ^maks: talks}}",
        'unknown key "maks"; there is "max", "min"',
    ),
    case(
        "null in a list of values",
        "when: {letter.decision: accept}",
        "when: {letter.decision: [accept, ^~]}",
        (
            "nothing stands where a text, a whole number or true or false belongs; write one "
            "of these"
        ),
    ),
    case(
        "text for a condition",
        "when: {letter.decision: accept}",
        "when: ^letter.decision is accept",
        (
            '"letter.decision is accept" stands where a map belongs; write lines of the form '
            "key: value"
        ),
    ),
    case(
        "shift by text",
        "actions:\n  demand/letter:",
        "actions:\n  demand/letter:\n    then: {letter.status: {shift: ^up}}",
        '"up" stands where a whole number belongs; write one',
    ),
    case(
        "effect map",
        "actions:\n  demand/letter:",
        "actions:\n  demand/letter:\n    then: {letter.status: ^{give: demanded}}",
        (
            'a map with "give" stands where a text, a whole number, true or false, {shift: '
            "...} or {set: ...} belongs; write one of these"
        ),
    ),
    case(
        "set with null",
        "actions:\n  demand/letter:",
        "actions:\n  demand/letter:\n    then: {letter.status: {set: ^}}",
        (
            "nothing stands where a text, a whole number or true or false belongs; write one "
            "of these"
        ),
    ),
    case(
        "count key",
        "when: {letter.decision: accept}",
        "when: {^count: {^at_leest: 1, of: [{letter.decision: accept}]}}",
        'the key "at_least" is missing in "count"; add it',
        'unknown key "at_leest"; did you mean "at_least"?',
    ),
]

KEYS = [
    case(
        "unknown at top",
        "minutes: 10",
        "minutes: 10\n^minuts: 5",
        'unknown key "minuts"; did you mean "minutes"?',
    ),
    case(
        "misspelt at top",
        (
            "format: 1\nid: two-towns\ntitle: Two towns and a weir\nabout: An invented quarrel "
            "over a river, ten minutes long, that uses every stage once.\nminutes: 10\n"
            "difficulty: intro"
        ),
        (
            "^format: 1\nid: two-towns\ntitle: Two towns and a weir\nabout: An invented "
            "quarrel over a river, ten minutes long, that uses every stage once.\nminutes: 10\n"
            "^dificulty: intro"
        ),
        'the key "difficulty" is missing; add it',
        'unknown key "dificulty"; did you mean "difficulty"?',
    ),
    case(
        "unknown in party",
        "  highwell:\n    name: Highwell\n",
        "  ^highwell:\n    ^nmae: Highwell\n",
        'the key "name" is missing in "highwell"; add it',
        'unknown key "nmae"; did you mean "name"?',
    ),
    case(
        "unknown in exchange",
        "    judging: core",
        "    ^jugding: core",
        'unknown key "jugding"; did you mean "judging"?',
    ),
    case(
        "unknown in deep deadline",
        "    decisions: [accept, talks, break-off, lapse]",
        "    decisions: [accept, talks, break-off, lapse]\n    deadline: {^knd: soft}",
        'unknown key "knd"; did you mean "kind"?',
    ),
    case(
        "unknown in step",
        "expect: {letter.stage",
        "^expects: {letter.stage",
        'unknown key "expects"; did you mean "expect"?',
        file="record.yaml",
    ),
    case(
        "unknown in fact",
        "    date: 2022-01-26\n    inferred: true",
        "    date: 2022-01-26\n    ^infered: true",
        'unknown key "infered"; did you mean "inferred"?',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "unknown few known",
        "      gauge: [counter, accepted]\n    partners:\n      fishers: {}",
        "      gauge: [counter, accepted]\n    partners:\n      fishers: {^veto: true}",
        'unknown key "veto"; there is "can_block", "facts"',
    ),
    case(
        "missing title",
        "format: 1\nid: two-towns\ntitle: Two towns and a weir\n",
        "^format: 1\nid: two-towns\n",
        'the key "title" is missing; add it',
    ),
    case(
        "missing name",
        "  fishers:\n    name: the fishers\n",
        "  ^fishers:\n",
        'the key "name" is missing in "fishers"; add it',
    ),
    case(
        "missing two",
        "      mayor: {name: the mayor of Highwell, authority: decider}",
        "      ^^mayor: {}",
        'the key "name" is missing in "mayor"; add it',
        'the key "authority" is missing in "mayor"; add it',
    ),
    case(
        "missing reported answer",
        "us-paper: {answer: rejected, note: Support for the open door is kept., facts: [F78]}",
        "^us-paper: {facts: [F78]}",
        'the key "answer" is missing in "us-paper"; add it',
        pack=JANUARY,
    ),
]

IDS = [
    case(
        "bad party id",
        "  fishers:\n    name",
        "  ^The Fishers:\n    name",
        (
            '"The Fishers" is no id; write small letters, digits and single hyphens, as in '
            '"us-paper"'
        ),
    ),
    case(
        "bad item id in list",
        "items: [weir, gate, gauge]",
        "items: [weir, ^gate_two, gauge]",
        '"gate_two" is no id; write small letters, digits and single hyphens, as in "us-paper"',
    ),
    case(
        "long id",
        "  gauge:\n    title",
        "  ^ggggggggggggggggggggggggggggggggggggggggg:\n    title",
        'the text "ggggggggggggggggggggggggggg..." has more than 40 characters; shorten it',
    ),
    case(
        "bad fact id",
        "facts: [F18, F58]",
        "facts: [^f18, F58]",
        '"f18" is no fact id; write a capital, then letters or digits, as in "F12"',
        pack=JANUARY,
    ),
    case(
        "bad fact id key",
        "  F01:",
        "  ^F-01:",
        '"F-01" is no fact id; write a capital, then letters or digits, as in "F12"',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "bad date",
        "date: 2022-01-26",
        "date: ^26 January 2022",
        '"26 January 2022" is no date; write a year, a month or a day, as in "2022-01-26"',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "number for date",
        "date: 2022-01-26",
        "date: ^2022",
        '"2022" is no text; put it in quotes',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "month 13",
        "date: 2021-12",
        "date: ^2021-13",
        '"2021-13" is no date; write a year, a month or a day, as in "2022-01-26"',
        file="record.yaml",
        pack=JANUARY,
    ),
    case(
        "no such day",
        "date: 2021-12",
        "date: ^2021-02-30",
        '"2021-02-30" is no day of the calendar; correct it',
        file="record.yaml",
        pack=JANUARY,
    ),
    case(
        "no such day source",
        "date: 2022-01-26",
        "date: ^2022-02-29",
        '"2022-02-29" is no day of the calendar; correct it',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "empty key",
        "  fishers:\n    name",
        '  ^"":\n    name',
        '"" is no id; write small letters, digits and single hyphens, as in "us-paper"',
    ),
]

BOUNDS = [
    case("too small", "minutes: 10", "minutes: ^0", '"0" is too small; write 1 or more'),
    case("too large", "minutes: 10", "minutes: ^601", '"601" is too large; write 600 or less'),
    case(
        "empty text",
        "title: Two towns and a weir",
        'title: ^""',
        "the text is empty; write something",
    ),
    case(
        "long title",
        "title: Two towns and a weir",
        (
            "title: ^towns towns towns towns towns towns towns towns towns towns towns towns "
            "towns towns towns towns towns towns towns towns towns "
        ),
        'the text "towns towns towns towns tow..." has more than 120 characters; shorten it',
    ),
    case(
        "one party posture",
        "levels: [open, blocked]",
        "levels: ^[open]",
        "too few entries (1); write at least 2",
    ),
    case(
        "too many levels",
        "levels: [open, blocked]",
        "levels: ^[a, b, c, d, e, f, g, h, i]",
        "too many entries (9); write at most 8",
    ),
    case(
        "no endings list",
        "items: [weir, gate, gauge]",
        "items: ^[]",
        "too few entries (0); write at least 1",
    ),
    case(
        "literal near",
        "difficulty: introductory",
        "difficulty: ^introductry",
        '"introductry" is no word that fits here; did you mean "introductory"?',
    ),
    case(
        "literal far",
        "difficulty: introductory",
        "difficulty: ^hard",
        '"hard" is none of introductory, intermediate, advanced; take one of these',
    ),
    case(
        "literal kind",
        "kinds:\n  [demand, ask",
        "kinds:\n  [demand, ^asks",
        '"asks" is no word that fits here; did you mean "ask" or "talks" or "assent"?',
    ),
    case(
        "literal answer",
        "weir: [rejected, accepted]",
        "weir: [^refused, accepted]",
        (
            '"refused" is none of rejected, silent, counter, talks, accepted-in-part, '
            "accepted; take one of these"
        ),
    ),
    case(
        "literal authority",
        "the mayor of Highwell, authority: decider",
        "the mayor of Highwell, authority: ^boss",
        '"boss" is none of decider, minister, spokesperson, courier; take one of these',
    ),
    case("format", "format: 1", "format: ^2", '"2" does not fit here; write 1, without quotes'),
    case(
        "on silence",
        "    decisions: [accept, talks, break-off, lapse]",
        (
            "    decisions: [accept, talks, break-off, lapse]\n    deadline: {kind: hard, "
            "rounds: 3, on_silence: ^accept}"
        ),
        '"accept" is no word that fits here; did you mean "act"?',
    ),
]

REFERENCES = [
    case(
        "other folder",
        "id: two-towns",
        "id: ^three-towns",
        'the id "three-towns" is not the folder\'s name; write "two-towns"',
    ),
    case(
        "shared name",
        "conditions:\n  road: {title: the mill road stays free}",
        (
            "conditions:\n  road: {title: the mill road stays free}\n  ^weir: {title: the weir "
            "is safe}"
        ),
        '"weir" is a name among the items too; rename one of the two',
    ),
    case(
        "viewpoint",
        "[highwell, lowmill, fishers, public",
        "[^highwel, lowmill, fishers, public",
        'no viewpoint "highwel"; did you mean "highwell"?',
    ),
    case(
        "viewpoint twice",
        "[highwell, lowmill, fishers, public",
        "[highwell, lowmill, ^lowmill, public",
        '"lowmill" stands twice; keep one',
    ),
    case(
        "demander",
        "demander: highwell",
        "demander: ^highwel",
        'no party "highwel"; did you mean "highwell"?',
    ),
    case(
        "addressee",
        "addressee: lowmill",
        "addressee: ^mill",
        'no party "mill"; did you mean "lowmill"?',
    ),
    case(
        "both",
        "addressee: lowmill",
        "addressee: ^highwell",
        '"highwell" cannot answer itself; name another party',
    ),
    case(
        "item",
        "items: [weir, gate, gauge]",
        "items: [weir, ^gates, gauge]",
        'no item "gates"; did you mean "gate" or "gauge"?',
    ),
    case(
        "item twice",
        (
            "items: [weir, gate, gauge]\n    answers:\n      weir: [rejected, accepted]\n      "
            "gate: [silent, talks]\n      gauge: [counter, accepted]"
        ),
        (
            "items: [weir, gate, ^weir]\n    answers:\n      weir: [rejected, accepted]\n      "
            "gate: [silent, talks]\n      ^gauge: [counter, accepted]"
        ),
        '"weir" stands twice; keep one',
        '"gauge" is none of the items of this paper; add it there',
    ),
    case(
        "answers item",
        "      gate: [silent, talks]",
        "      ^gats: [silent, talks]",
        'no item "gats"; did you mean "gate"?',
    ),
    case(
        "answers none",
        "      gate: [silent, talks]",
        "      ^gate: []",
        '"gate" is empty; list at least one',
    ),
    case(
        "decisions twice",
        "    decisions: [accept, talks, break-off, lapse]",
        "    decisions: [accept, talks, break-off, ^accept]",
        '"accept" stands twice; keep one',
    ),
    case(
        "forms empty",
        "    decisions: [accept, talks, break-off, lapse]",
        "    decisions: [accept, talks, break-off, lapse]\n    ^forms: []",
        '"forms" is empty; list at least one',
    ),
    case(
        "partner",
        "      fishers: {}",
        "      ^fisher: {}",
        'no party "fisher"; did you mean "fishers"?',
    ),
    case(
        "partner is addressee",
        "      fishers: {}",
        "      ^lowmill: {}",
        '"lowmill" writes the paper and is no partner; name another',
    ),
    case(
        "members",
        "    decisions: [accept, talks, break-off, lapse]",
        "    decisions: [accept, talks, break-off, lapse]\n    members: [fishers, ^millers]",
        'no party "millers"; there is "fishers", "highwell", "lowmill"',
    ),
    case(
        "courier",
        "couriers: {messenger: clerk}",
        "couriers: {^messager: clerk}",
        'no courier "messager" among the voices of "lowmill"; did you mean "messenger"?',
    ),
    case(
        "receiver",
        "couriers: {messenger: clerk}",
        "couriers: {messenger: ^clerc}",
        'no receiver "clerc" among the voices of "highwell"; did you mean "clerk"?',
    ),
    case(
        "condition", "only_if: road", "only_if: ^raod", 'no condition "raod"; did you mean "road"?'
    ),
    case(
        "reported paper",
        "      nato-paper: {answer: rejected, note: No intention",
        "      ^nato-papr: {answer: rejected, note: No intention",
        'no paper "nato-papr"; did you mean "nato-paper"?',
        pack=JANUARY,
    ),
    case(
        "reported only-if rejected",
        "        answer: counter\n        only_if",
        "        answer: rejected\n        ^only_if",
        'the answer "rejected" carries no condition; remove only_if',
        pack=JANUARY,
    ),
    case(
        "covers",
        "    code: A\n",
        "    code: A\n    ^covers: [gate]\n",
        '"covers" is for the points of a level; remove it',
    ),
    case(
        "fact",
        "facts: [F18, F58]",
        "facts: [F18, ^F580]",
        'no fact "F580"; did you mean "F80" or "F58" or "F50"?',
        pack=JANUARY,
    ),
    case(
        "fact where none",
        "  fishers:\n    name",
        "  fishers:\n    facts: [^F1]\n    name",
        'no fact "F1"; correct it or add one of that name',
    ),
    case(
        "source",
        "    sources: [A1]",
        "    sources: [^A9]",
        'no source "A9"; correct it or add one of that name',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "disagreement source",
        "    sources: [A0, A2, A4]",
        "    sources: [A0, A2, ^AA]",
        'no source "AA"; correct it or add one of that name',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "disagreement fact",
        "    facts: [F18]\n    sources: [A0, A2, A4]",
        "    facts: [^F180]\n    sources: [A0, A2, A4]",
        'no fact "F180"; did you mean "F80" or "F18" or "F10"?',
        file="facts.yaml",
        pack=JANUARY,
    ),
    case(
        "topic member",
        "    members: [us, allies]\n    items: [enlargement",
        "    members: [us, ^ally]\n    items: [enlargement",
        'no party "ally"; did you mean "allies"?',
        pack=JANUARY,
    ),
    case(
        "topic item",
        "    items: [enlargement, ukraine-membership]\n    basis",
        "    items: [enlargement, ^membership]\n    basis",
        'no item "membership"; did you mean "ukraine-membership"?',
        pack=JANUARY,
    ),
    case(
        "link item",
        "items: [enlargement, forces-1997, weapons]",
        "items: [enlargement, ^forces, weapons]",
        'no item "forces"; did you mean "forces-1997"?',
        pack=JANUARY,
    ),
    case(
        "procedure step",
        "    at: promise without a date",
        "    at: ^promise with a date",
        'no step "promise with a date"; did you mean "promise without a date"?',
        pack=JANUARY,
    ),
    case(
        "procedure item",
        "rules_out: {ukraine-membership: [counter]}",
        "rules_out: {^membership: [counter]}",
        'no item "membership"; did you mean "ukraine-membership"?',
        pack=JANUARY,
    ),
    case(
        "red line item",
        "enlargement: {items: [enlargement], basis",
        "enlargement: {items: [^enlargment], basis",
        'no item "enlargment"; did you mean "enlargement"?',
        pack=JANUARY,
    ),
    case(
        "signal paper",
        "            tone: limited-hope\n            assesses: us-paper",
        "            tone: limited-hope\n            assesses: ^us-letter",
        'no paper "us-letter"; there is "nato-paper", "russian-answer", "us-paper"',
        pack=JANUARY,
    ),
    case(
        "posture start", "start: open", "start: ^opened", 'no level "opened"; did you mean "open"?'
    ),
    case(
        "posture twice",
        "levels: [open, blocked]",
        "levels: [open, ^open]",
        '"open" stands twice; keep one',
    ),
    case(
        "dial start",
        "conditions:\n  road: {title: the mill road stays free}",
        (
            "conditions:\n  road: {title: the mill road stays free}\n\ndials:\n  water: "
            "{title: the water, levels: [low, high], start: ^hihg}"
        ),
        'no level "hihg"; did you mean "high"?',
    ),
    case(
        "dial twice",
        "conditions:\n  road: {title: the mill road stays free}",
        (
            "conditions:\n  road: {title: the mill road stays free}\n\ndials:\n  water: "
            "{title: the water, levels: [1, ^'1'], start: 1}"
        ),
        '"1" stands twice; keep one',
    ),
    case(
        "own start",
        "conditions:\n  road: {title: the mill road stays free}",
        (
            "conditions:\n  road: {title: the mill road stays free}\n\nvariables:\n  mood: "
            "{title: the mood, values: [calm, angry], start: ^clam}"
        ),
        'no value "clam"; did you mean "calm"?',
    ),
    case(
        "own seen by",
        "conditions:\n  road: {title: the mill road stays free}",
        (
            "conditions:\n  road: {title: the mill road stays free}\n\nvariables:\n  mood: "
            "{title: the mood, values: [calm, angry], start: calm, seen_by: [^fisher]}"
        ),
        'no viewpoint "fisher"; did you mean "fishers"?',
    ),
    case(
        "dial and variable",
        "conditions:\n  road: {title: the mill road stays free}",
        (
            "conditions:\n  road: {title: the mill road stays free}\n\ndials:\n  mood: {title: "
            "the mood, levels: [low, high], start: low}\nvariables:\n  ^mood: {title: the "
            "mood, values: [calm, angry], start: calm}"
        ),
        '"mood" is a name among the dials too; rename one of the two',
    ),
    case(
        "hard bare",
        "    decisions: [accept, talks, break-off, lapse]",
        "    decisions: [accept, talks, break-off, lapse]\n    ^^deadline: {kind: hard}",
        "a hard deadline needs its rounds; add rounds: 1 to 20",
        "a hard deadline needs the default for silence; add on_silence",
    ),
    case(
        "hard default",
        "    decisions: [accept, talks, break-off, lapse]",
        (
            "    decisions: [accept, talks, break-off, lapse]\n    deadline: {kind: hard, "
            "rounds: 2, on_silence: ^act}"
        ),
        'the default "act" is none of the decisions; add it there',
    ),
    case(
        "soft rounds",
        "    decisions: [accept, talks, break-off, lapse]",
        (
            "    decisions: [accept, talks, break-off, lapse]\n    ^deadline: {kind: soft, "
            "rounds: 2}"
        ),
        "only a hard deadline has rounds and on_silence; remove them or make it hard",
    ),
    case(
        "extension by",
        "    decisions: [accept, talks, break-off, lapse]",
        (
            "    decisions: [accept, talks, break-off, lapse]\n    deadline: {kind: soft, "
            "extension_by: [^lowmil]}"
        ),
        'no party "lowmil"; did you mean "lowmill"?',
    ),
    case(
        "opened by paper",
        "opened_by: {paper: nato-paper}",
        "opened_by: {paper: ^nato-papers}",
        'no other paper "nato-papers"; did you mean "nato-paper" or "us-paper"?',
        pack=JANUARY,
    ),
    case(
        "opened by both",
        "opened_by: {paper: nato-paper}",
        "^opened_by: {paper: nato-paper, decision: ^nato-paper}",
        '"opened_by" needs exactly one key; write either paper or decision',
        '"nato-paper" has no decision "counter-demand"; add it there',
        pack=JANUARY,
    ),
    case(
        "opened by none",
        "opened_by: {paper: nato-paper}",
        "^opened_by: {}",
        '"opened_by" needs exactly one key; write either paper or decision',
        pack=JANUARY,
    ),
    case(
        "opened by roles",
        "opened_by: {paper: nato-paper}",
        "opened_by: {paper: ^us-paper}",
        'the roles are not those of "us-paper" exchanged; exchange them',
        pack=JANUARY,
    ),
    case(
        "counter-demand",
        "    decisions: [accept, talks, break-off, lapse]\n\nkinds",
        "    ^decisions: [accept, talks, break-off, lapse, counter-demand]\n\nkinds",
        '"counter-demand" opens no exchange; add one opened by "letter"',
    ),
    case(
        "kinds",
        "kinds:\n  [demand, ask",
        "^kinds:\n  [ask",
        'no case works without "demand"; add what is missing',
    ),
    case(
        "level paper",
        "    exchanges: [us-paper, nato-paper]",
        "    exchanges: [us-paper, ^nato]",
        'no paper "nato"; there is "nato-paper", "russian-answer", "us-paper"',
        pack=JANUARY,
    ),
    case(
        "level covers",
        "covers: [forces-1997]",
        "covers: [^forces-97]",
        'no item "forces-97"; did you mean "forces-1997"?',
        pack=JANUARY,
    ),
    case(
        "level kinds",
        "    kinds: [demand, consult, answer, deliver, analyse, decide]",
        "    ^kinds: [demand, consult, answer]",
        'no case works without "deliver", "analyse", "decide"; add what is missing',
        pack=JANUARY,
    ),
    case(
        "level full",
        "\nkinds:",
        "\nlevels:\n  ^full:\n    title: All\n    about: It leaves nothing out.\n"
        "    kinds: [demand, answer, deliver, analyse, decide]\n    exchanges: [letter]\n"
        "    answers: [rejected, accepted]\n    decisions: [accept, lapse]\n"
        "    items: {weir: {title: a lower weir}}\n\nkinds:",
        '"full" is the whole case; give the level another name',
    ),
    case(
        "level empty",
        "    decisions: [accept, talks, restate, break-off, lapse]\n    actions",
        "    ^decisions: []\n    actions",
        '"decisions" is empty; list at least one',
        pack=JANUARY,
    ),
    case(
        "mover",
        "actions:\n  demand/letter:",
        "actions:\n  own/x: {mover: ^fisher, text: x}\n  demand/letter:",
        'no party "fisher"; did you mean "fishers"?',
    ),
    case(
        "item by a word of the procedure",
        "  gauge:\n    title",
        "  ^decision:\n    title: a vote\n  gauge:\n    title",
        '"decision" is a word of the procedure; choose another name',
    ),
    case(
        "contact none",
        "  fishers:\n    name",
        "  fishers:\n    contacts: {^none: {}}\n    name",
        '"none" is a word of the procedure; choose another name',
    ),
    case(
        "two defaults",
        (
            "endings:\n  whole:\n    title: The whole demand is met\n    reason: Highwell "
            "accepted the letter as a whole.\n    when: {letter.decision: accept}\n"
        ),
        (
            "^endings:\n  whole:\n    title: The whole demand is met\n    reason: Highwell "
            "accepted the letter as a whole.\n"
        ),
        '"whole" and "lapsed" are without when; give all but one of them a condition',
    ),
    case(
        "assent without consult",
        (
            "      fishers: {}\n    couriers: {messenger: clerk}\n    leak: {}\n    judging: "
            "core-weighted\n    decisions: [accept, talks, break-off, lapse]\n\nkinds:\n  "
            "[demand, ask, promise, consult,"
        ),
        (
            "      fishers: {can_block: true}\n    couriers: {messenger: clerk}\n    leak: "
            "{}\n    judging: core-weighted\n    decisions: [accept, talks, break-off, "
            "lapse]\n\n^kinds:\n  [demand, ask, promise, assent,"
        ),
        'a partner that can block is shown the draft first; add "consult"',
    ),
    case(
        "answers ruled out",
        (
            "conditions:\n  road: {title: the mill road stays free}\n\nexchanges:\n  "
            "letter:\n    title: the letter of Lowmill\n    demander: highwell\n    addressee: "
            "lowmill\n    items: [weir,"
        ),
        (
            "conditions:\n  road: {title: the mill road stays free}\n\nprocedures:\n  "
            "slow:\n    title: a permit\n    steps: [asked, given]\n    at: asked\n    "
            "rules_out: {weir: [rejected, accepted]}\n    reason: It is slow.\n\nexchanges:\n  "
            "letter:\n    title: the letter of Lowmill\n    demander: highwell\n    addressee: "
            "lowmill\n    items: [^weir,"
        ),
        'the procedures rule out every answer on "weir"; allow another',
    ),
    case(
        "kind twice",
        "kinds:\n  [demand, ask",
        "kinds:\n  [demand, ^demand, ask",
        '"demand" stands twice; keep one',
    ),
    case(
        "answers none of the paper's",
        (
            "items: [weir, gate, gauge]\n    answers:\n      weir: [rejected, accepted]\n      "
            "gate: [silent, talks]\n      gauge: [counter, accepted]"
        ),
        (
            "items: [weir, gate]\n    answers:\n      weir: [rejected, accepted]\n      gate: "
            "[silent, talks]\n      ^gauge: [counter, accepted]"
        ),
        '"gauge" is none of the items of this paper; add it there',
    ),
]

RULES = [
    case(
        "unknown action",
        "actions:\n  demand/letter:",
        "actions:\n  ^demand/leter:",
        (
            'no stage of this case admits the action "demand/leter"; did you mean '
            '"demand/letter" or "read/letter" or "clear/letter"?'
        ),
    ),
    case(
        "test variable",
        "when: {letter.decision: accept}",
        "when: {^leter.decision: accept}",
        'no variable "leter.decision" to test; did you mean "letter.decision" or "letter.weir"?',
    ),
    case(
        "test value",
        "when: {letter.decision: accept}",
        "when: {letter.decision: ^acept}",
        '"letter.decision" has no value "acept"; did you mean "accept"?',
    ),
    case(
        "test value far",
        "when: {letter.decision: accept}",
        "when: {letter.stage: ^zzz}",
        (
            '"letter.stage" has no value "zzz"; there is "analysis", "consultation", '
            '"decided", "demand", "response"'
        ),
    ),
    case(
        "test value in list",
        "when: {letter.decision: accept}",
        "when: {letter.decision: [talks, ^acept]}",
        '"letter.decision" has no value "acept"; did you mean "accept"?',
    ),
    case(
        "test empty list",
        "when: {letter.decision: accept}",
        "when: {^letter.decision: []}",
        '"letter.decision" has an empty list, which can never hold; list a value',
    ),
    case(
        "range empty",
        "when: {letter.decision: accept}",
        "when: {^letter.status: {min: decided, max: asked}}",
        'the range from "decided" to "asked" is empty; exchange min and max',
    ),
    case(
        "range no ends",
        "when: {letter.decision: accept}",
        "when: {^letter.status: {}}",
        'the range of "letter.status" is empty; write min or max',
    ),
    case(
        "range value",
        "when: {letter.decision: accept}",
        "when: {letter.status: {min: ^askd}}",
        '"letter.status" has no value "askd"; did you mean "asked"?',
    ),
    case(
        "count",
        "when: {letter.decision: accept}",
        "when: {count: {at_least: ^3, of: [{letter.decision: accept}, {turn: highwell}]}}",
        "at least 3 of 2 can never hold; lower it or add conditions",
    ),
    case(
        "empty condition",
        "when: {letter.decision: accept}",
        "^when: {}",
        "the condition says nothing; write one line or leave it out",
    ),
    case(
        "empty not",
        "when: {letter.decision: accept}",
        "when: {letter.decision: accept, ^not: {}}",
        "the condition says nothing; write one line or leave it out",
    ),
    case(
        "empty any",
        "when: {letter.decision: accept}",
        "when: {^any: []}",
        '"any" has no condition; list at least one',
    ),
    case(
        "two empties",
        (
            "when: {letter.decision: accept}\n  talks:\n    title: Talks on part of the "
            "items\n    reason: Highwell agreed to talks on part of the items.\n    when: "
            "{letter.decision: talks}"
        ),
        (
            "when: {any: [^{}, {turn: {min: ^highwel}}, ^{}]}\n  talks:\n    title: Talks on "
            "part of the items\n    reason: Highwell agreed to talks on part of the "
            "items.\n    when: {^not: {}}"
        ),
        "the condition says nothing; write one line or leave it out",
        '"turn" has no value "highwel"; did you mean "highwell"?',
        "the condition says nothing; write one line or leave it out",
        "the condition says nothing; write one line or leave it out",
    ),
    case(
        "effect variable",
        "actions:\n  demand/letter:",
        "actions:\n  demand/letter:\n    then: {^leter.status: demanded}",
        (
            'no variable "leter.status" to change; did you mean "letter.status" or '
            '"letter.gate" or "letter.gauge"?'
        ),
    ),
    case(
        "effect value",
        "actions:\n  demand/letter:",
        "actions:\n  demand/letter:\n    then: {letter.status: ^demandd}",
        '"letter.status" has no value "demandd"; did you mean "demanded"?',
    ),
    case(
        "effect set value",
        "actions:\n  demand/letter:",
        "actions:\n  demand/letter:\n    then: {letter.status: {set: ^demandd}}",
        '"letter.status" has no value "demandd"; did you mean "demanded"?',
    ),
    case(
        "effect when",
        "actions:\n  demand/letter:",
        (
            "actions:\n  demand/letter:\n    then: {letter.publicity: {set: gist, when: "
            "{^leter.status: none}}}"
        ),
        (
            'no variable "leter.status" to test; did you mean "letter.status" or '
            '"letter.stage" or "letter.gate"?'
        ),
    ),
    case(
        "effect depends",
        "actions:\n  demand/letter:",
        (
            "actions:\n  demand/letter:\n    then:\n      letter.publicity: {set: gist, ^when: "
            "{highwell.posture: open}}\n      highwell.posture: blocked"
        ),
        (
            'the effect depends on "highwell.posture", which the action changes too; test '
            "another variable or split the action"
        ),
    ),
    case(
        "two mistakes in one condition",
        "when: {letter.decision: accept}",
        "when: {^leter.decision: accept, letter.stage: {max: ^answer}}",
        'no variable "leter.decision" to test; did you mean "letter.decision" or "letter.weir"?',
        (
            '"letter.stage" has no value "answer"; there is "analysis", "consultation", '
            '"decided", "demand", "response"'
        ),
    ),
    case(
        "a new action without a mover",
        "actions:\n",
        "actions:\n  ^own/feast: {text: A feast.}\n",
        'the new action "own/feast" has no mover; add one',
    ),
    case(
        "a new action of a party by a wrong id",
        "actions:\n",
        "actions:\n  ^feast: {mover: highwell, text: A feast.}\n",
        'the id of this new action must start with "own/"; rename it',
    ),
    case(
        "a new action of chance by a wrong id",
        "actions:\n",
        "actions:\n  ^own/flood: {mover: nature, text: A flood.}\n",
        'the id of this new action must start with "nature/"; rename it',
    ),
    case(
        "a new action without a text",
        "actions:\n",
        "actions:\n  ^own/feast: {mover: highwell}\n",
        "a new action needs a text; say what happens in a sentence",
    ),
    case(
        "an effect that depends on what the action changes anyway",
        "  demand/letter:\n",
        "  demand/letter:\n"
        "    then: {letter.publicity: {set: gist, ^when: {letter.status: none}}}\n",
        'the effect depends on "letter.status", which the action changes too; test another '
        "variable or split the action",
    ),
    case(
        "an action of the procedure declared as new",
        "actions:\n",
        "actions:\n  ^nature/leak/letter: {mover: nature, text: A leak.}\n",
        '"nature/leak/letter" is an action of the procedure; leave its mover out, or rename it',
    ),
    case(
        "a new action with a dot",
        "actions:\n",
        "actions:\n  ^own/a.b: {mover: highwell, text: A feast.}\n",
        '"own/a.b" is no id; use small letters, digits, hyphens and slashes',
    ),
    case(
        "a misspelt action of a level",
        "      deliver/us-paper:\n",
        "      ^delivr/us-paper:\n",
        'no stage of this case admits the action "delivr/us-paper"; did you mean '
        '"deliver/us-paper" or "deliver/nato-paper" or "decide/us-paper/talks"?',
        pack="january-2022",
    ),
    case(
        "two exchanges opened by one paper",
        "\nlinks:\n",
        "\n  second-answer:\n    title: a second answer\n    demander: nato\n"
        "    addressee: russia\n    items: [nato-demands]\n"
        "    opened_by: {paper: ^nato-paper}\n    decisions: [lapse]\n\nlinks:\n",
        '"nato-paper" opens "russian-answer" already; keep one of them',
        pack="january-2022",
    ),
    case(
        "an effect that hands the turn on",
        "  demand/letter:\n",
        "  demand/letter:\n    then: {^turn: lowmill}\n",
        "the turn passes by itself when its owner passes; leave this out",
    ),
    case(
        "the demander as partner",
        "      fishers: {}",
        "      ^highwell: {}",
        '"highwell" judges the paper and has no part in writing it; name another',
    ),
    case(
        "the demander as member",
        "    partners:\n      fishers: {}",
        "    members: [^highwell]\n    partners:\n      fishers: {}",
        '"highwell" judges the paper and has no part in writing it; name another',
    ),
    case(
        "the body as its own member",
        "    partners:\n      fishers: {}",
        "    members: [^lowmill]\n    partners:\n      fishers: {}",
        '"lowmill" is the body itself; name its members',
    ),
    case(
        "the demander asks itself for time",
        "    leak: {}",
        "    leak: {}\n    deadline: {kind: soft, extension_by: [^highwell]}",
        '"highwell" grants the time and does not ask for it; name another',
    ),
    case(
        "a gist of an unknown item",
        "    leak: {}",
        "    leak: {}\n    gist: [^wier]",
        'no item "wier"; did you mean "weir"?',
    ),
    case(
        "a slot of the procedure changed by the pack",
        "  demand/letter:\n",
        "  demand/letter:\n    then: {^letter.publicity: gist}\n",
        '"letter.publicity" changes by actions of the procedure only; change a dial or a variable '
        "of the case, or add an action of your own",
    ),
    case(
        "a dial moved by an act that not all see",
        "actions:\n",
        "dials: {heat: {title: heat, levels: [low, high], start: low}}\n"
        "actions:\n  read/letter: {then: {^heat: {shift: 1}}}\n",
        '"fishers" sees "heat" and not this action; move it with an action that all see',
    ),
    case(
        "a new action seen by nobody known",
        "actions:\n",
        "actions:\n  own/feast: {mover: highwell, text: A feast., seen_by: [^publik]}\n",
        'no viewpoint "publik"; did you mean "public"?',
    ),
    case(
        "a step seen by nobody known",
        "do: demand/letter, basis: invented}",
        "do: demand/letter, basis: invented, seen_by: [^publik]}",
        'no viewpoint "publik"; did you mean "public"?',
        file="record.yaml",
    ),
    case(
        "a step that cites no fact there is",
        "do: demand/letter, basis: invented}",
        "do: demand/letter, basis: inferred, facts: [^F99]}",
        'no fact "F99"; correct it or add one of that name',
        file="record.yaml",
    ),
    case(
        "a level without points for a paper",
        "    exchanges: [us-paper, nato-paper]",
        "    exchanges: [us-paper, nato-paper, ^russian-answer]",
        'no point of this level covers an item of "russian-answer"; add one',
        pack=JANUARY,
    ),
]


def copied(pack: str, folder: Path) -> Path:
    return Path(shutil.copytree(shipped() / pack, folder / pack))


def problems(pack: Path) -> list[str]:
    """What is wrong with the pack, as it is printed."""
    with pytest.raises(InputError) as caught:
        load_pack(pack)
    told = [str(problem) for problem in caught.value.problems]
    assert str(caught.value) == "\n".join(told)
    return told


def changed(path: Path, old: str, new: str, said: tuple[str, ...]) -> list[str]:
    """Puts the new text in the file's place of the old, and gives what is to be said of it."""
    before, found, after = path.read_text(encoding="utf-8").partition(old)
    assert found, f"{path.name} has no {old!r}"
    pieces = new.split("^")
    assert len(pieces) == len(said) + 1
    path.write_text(before + "".join(pieces) + after, encoding="utf-8")
    expected = []
    for number, sentence in enumerate(said):
        lines = (before + "".join(pieces[: number + 1])).split("\n")
        line = len(lines)
        told = re.sub(r"<([-+]\d+)>", lambda found: str(line + int(found[1])), sentence)  # noqa: B023
        place = f"{path.parent.name}/{path.name}:{line}:{len(lines[-1]) + 1}"
        expected.append(f"{place}: {told}")
    return expected


@pytest.mark.parametrize(
    ("pack", "file", "old", "new", "said"),
    [*YAML, *VALUES, *KEYS, *IDS, *BOUNDS, *REFERENCES, *RULES],
)
def test_message(
    tmp_path: Path, pack: str, file: str, old: str, new: str, said: tuple[str, ...]
) -> None:
    folder = copied(pack, tmp_path)
    expected = changed(folder / file, old, new, said)
    assert problems(folder) == expected


@pytest.mark.parametrize(("pack", "file", "old", "new", "said"), YAML)
def test_message_without_libyaml(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pack: str,
    file: str,
    old: str,
    new: str,
    said: tuple[str, ...],
) -> None:
    """Where PyYAML was built without libyaml, its own parser words its errors differently."""
    monkeypatch.setattr(yaml_tree, "LOADER", yaml.SafeLoader)
    test_message(tmp_path, pack, file, old, new, said)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param(
            b"",
            "1:1: the file is empty; see `negsim schema` for what belongs in it",
            id="empty",
        ),
        pytest.param(
            b"# nothing yet\n",
            "1:1: the file is empty; see `negsim schema` for what belongs in it",
            id="only a comment",
        ),
        pytest.param(
            b"---\n",
            "2:1: nothing stands where a map belongs; write lines of the form key: value",
            id="an empty document",
        ),
        pytest.param(
            b"format: 1\nabout: caf\xe9\n",
            "2:11: the byte E9 is no UTF-8 text; save the file as UTF-8",
            id="Latin-1",
        ),
        pytest.param(
            "format: 1\nabout: ü \xe9".encode() + b"\xe9\n",
            "2:11: the byte E9 is no UTF-8 text; save the file as UTF-8",
            id="Latin-1 after UTF-8",
        ),
        pytest.param(
            "format: 1\n".encode("utf-16"),
            "1:1: the byte FF is no UTF-8 text; save the file as UTF-8",
            id="UTF-16",
        ),
        pytest.param(
            "format: 1\n".encode("utf-16-le"),
            "1:2: the hidden character U+0000 stands here; remove it",
            id="UTF-16 without a mark",
        ),
        pytest.param(
            b"\xef\xbb\xbfformat: 1\r\nabout: a\x07b\r\n",
            "2:9: the hidden character U+0007 stands here; remove it",
            id="a bell, in a file with a mark and the line ends of Windows",
        ),
        pytest.param(
            b"x" * (2 * 1024 * 1024 + 1),
            "0:0: the file is larger than 2 MiB; shorten it",
            id="too large",
        ),
        pytest.param(
            b"[" * 41 + b"]" * 41,
            "1:41: the file nests deeper than 40 levels; flatten it",
            id="too deep",
        ),
        pytest.param(
            b"steps: [" + b"1, " * 2001 + b"]",
            '1:6009: "steps" has more than 2000 entries; remove some',
            id="too many entries",
        ),
        pytest.param(
            (b"- [" + b"1," * 1999 + b"]\n") * 100,
            "100:4000: the file has more than 200000 values; remove some",
            id="too many values",
        ),
    ],
)
def test_a_whole_file(tmp_path: Path, raw: bytes, said: str) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    (folder / "record.yaml").write_bytes(raw)
    assert problems(folder) == [f"two-towns/record.yaml:{said}"]


@pytest.mark.parametrize(
    "char",
    [
        *("\0", "\a", "\b", "\x1b", "\x7f", "\x85", "\x9b", "\xad", "\u061c", "\u200b", "\u200e"),
        *("\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff", "\ufff9", "\uffff"),
        "\U000e0041",
    ],
    ids=ascii,
)
@pytest.mark.parametrize("escaped", [False, True])
def test_hidden_characters(tmp_path: Path, char: str, escaped: bool) -> None:
    """None of them reaches a terminal, neither as it is nor by an escape of YAML."""
    folder = copied(TWO_TOWNS, tmp_path)
    written = f'"\\U{ord(char):08x}"' if escaped else char
    said = (f"the hidden character U+{ord(char):04X} stands here; remove it",)
    expected = changed(
        folder / "pack.yaml", "title: Two towns and a weir", f"title: ^{written}", said
    )
    assert problems(folder) == expected


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_a_link(tmp_path: Path, name: str) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "elsewhere.yaml")
    said = "the file is a link; put a copy of the file in its place"
    assert problems(folder) == [f"two-towns/{name}:0:0: {said}"]


@pytest.mark.parametrize("name", FILES[:3])
def test_a_file_that_is_missing(tmp_path: Path, name: str) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    (folder / name).unlink()
    assert problems(folder) == [f'two-towns/{name}:0:0: there is no file "{name}"; create it']


def test_every_file_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    assert problems(folder) == [
        f'nothing/{name}:0:0: there is no file "{name}"; create it' for name in FILES[:3]
    ]


def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    (folder / "branches.yaml").mkdir()
    said = "this is no plain file; put a file of text in its place"
    assert problems(folder) == [f"two-towns/branches.yaml:0:0: {said}"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_file_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    os.mkfifo(folder / "branches.yaml")
    said = "this is no plain file; put a file of text in its place"
    assert problems(folder) == [f"two-towns/branches.yaml:0:0: {said}"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("nowhere", "nowhere"),
        ("x" * 5000, "x" * 5000),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\0b", r"a\x00b"),
    ],
    ids=["missing", "long", "control", "null"],
)
def test_no_folder(name: str, shown: str) -> None:
    said = "there is no such folder; name the folder of a pack"
    assert problems(Path(name)) == [f"{shown}:0:0: {said}"]


def test_the_name_of_the_folder_is_shown_without_control_characters(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped() / TWO_TOWNS, tmp_path / "two\x1btowns"))
    shown = r"two\x1btowns"
    said = f'the id "two-towns" is not the folder\'s name; write "{shown}"'
    assert problems(folder) == [f"{shown}/pack.yaml:4:5: {said}"]


def test_the_folder_by_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    monkeypatch.chdir(folder)
    assert load_pack(Path()).pack.id == TWO_TOWNS
    (folder / "record.yaml").unlink()
    assert problems(Path()) == [
        'two-towns/record.yaml:0:0: there is no file "record.yaml"; create it'
    ]


def test_all_mistakes_are_told_in_the_order_of_files_and_places(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    expected = []
    for file, old, new, *said in (
        ("pack.yaml", "minutes: 10", "minutes: ^0", '"0" is too small; write 1 or more'),
        (
            "pack.yaml",
            "    name: Highwell\n",
            "    name: Highwell\n    ^abuot: It.\n",
            'unknown key "abuot"; did you mean "about"?',
        ),
        ("pack.yaml", "start: open", "start: ^true", '"true" is no text; put it in quotes'),
        (
            "pack.yaml",
            "fishers:\n    name: the fishers\n",
            "^fishers:\n",
            'the key "name" is missing in "fishers"; add it',
        ),
        (
            "pack.yaml",
            "viewpoints: [highwell, lowmill",
            "viewpoints: [^High, ^2",
            '"High" is no id; write small letters, digits and single hyphens, as in "us-paper"',
            '"2" is no text; put it in quotes',
        ),
        (
            "facts.yaml",
            "facts: {}",
            "facts: ^[]",
            "an empty list stands where a map belongs; write lines of the form key: value",
        ),
        (
            "record.yaml",
            "expect: {letter.stage",
            "^expct: {letter.stage",
            'unknown key "expct"; did you mean "expect" or "text"?',
        ),
    ):
        expected += changed(folder / file, old, new, tuple(said))
    assert problems(folder) == expected


def test_references_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    expected = []
    for file, old, new, *said in (
        (
            "pack.yaml",
            "viewpoints: [highwell",
            "viewpoints: [^highwel",
            'no viewpoint "highwel"; did you mean "highwell"?',
        ),
        ("pack.yaml", "only_if: road", "only_if: ^rod", 'no condition "rod"; did you mean "road"?'),
        (
            "facts.yaml",
            "sources: {}\n",
            "sources:\n  A: {title: a book, date: ^2021-02-30}\n",
            '"2021-02-30" is no day of the calendar; correct it',
        ),
        (
            "record.yaml",
            "id: clear",
            "id: clear, date: ^2021-02-29",
            '"2021-02-29" is no day of the calendar; correct it',
        ),
    ):
        expected += changed(folder / file, old, new, tuple(said))
    assert problems(folder) == expected


def test_no_default_ending(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    expected = changed(
        folder / "pack.yaml",
        "endings:",
        "^endings:",
        ("no ending is without when, for a line that passes for ever; add one",),
    )
    last = "    reason: Everybody went on passing, and nothing more came.\n"
    changed(folder / "pack.yaml", last, last + "    when: {turn: highwell}\n", ())
    assert problems(folder) == expected


def test_expanding_aliases_are_refused_and_not_expanded(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    lines = [
        "a: &a [x, x]",
        *(f"{new}: &{new} [*{old}, *{old}]" for old, new in [("a", "b"), ("b", "c"), ("c", "d")]),
    ]
    (folder / "facts.yaml").write_text("\n".join(lines), encoding="utf-8")
    expected = ['1:4: the anchor "&a" is not read; remove it']
    for line, (old, new) in enumerate([("a", "b"), ("b", "c"), ("c", "d")], 2):
        alias = f'the alias "*{old}" is not read; write the text'
        expected += [
            f'{line}:4: the anchor "&{new}" is not read; remove it',
            f"{line}:8: {alias}",
            f"{line}:12: {alias}",
        ]
    assert problems(folder) == [f"two-towns/facts.yaml:{it}" for it in expected]


def test_so_many_mistakes_are_told_and_no_more(tmp_path: Path) -> None:
    folder = copied(TWO_TOWNS, tmp_path)
    with (folder / "facts.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"key{number}: 1\n" for number in range(MOST + 50))
    told = problems(folder)
    assert len(told) == MOST
    assert told[0] == 'two-towns/facts.yaml:5:1: unknown key "key0"; there is "disagreements", ' + (
        '"facts", "format", "sources"'
    )
    assert told[-1].startswith(f'two-towns/facts.yaml:{MOST + 4}:1: unknown key "key{MOST - 1}"')
