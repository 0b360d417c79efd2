"""What an author writes, version 1 of the format: `pack.yaml`, `facts.yaml`, `record.yaml`.

Frozen, unknown keys refused, every field documented: `negsim schema` prints these docstrings as the
JSON Schema that editors complete from. A pack says what is particular to its case; what holds in
every exchange of a demand for a written answer is in `negsim/cycle/`.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
FactId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,11}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=600)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Date = Annotated[
    str, StringConstraints(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")
]
Count = Annotated[int, Field(ge=1, le=20)]

Place: TypeAlias = Name | Annotated[int, Field(ge=0, le=1_000_000)]
SessionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Seed = Annotated[int, Field(ge=0, lt=10**12)]
Seen: TypeAlias = dict[str, str | int | bool | list[str | int | bool]]

By: TypeAlias = Literal["record", "rule", "chance"]
"""Who chose an action, if not a person: the record, the rule for the other parties, or a draw."""
Others: TypeAlias = Literal["wait", "random", "ask", "record"]
"""What the parties do whose seat nobody has: pass; take any action, drawn; be asked for; take the
record's next step that is legal."""
Basis: TypeAlias = Literal["reported", "inferred", "invented"]
Authority: TypeAlias = Literal["decider", "minister", "spokesperson", "courier"]
Answer: TypeAlias = Literal[
    "rejected", "silent", "counter", "talks", "accepted-in-part", "accepted"
]
Judging: TypeAlias = Literal["all-or-nothing", "item-by-item", "core-weighted"]
Decision: TypeAlias = Literal[
    "accept", "talks", "interim", "restate", "counter-demand", "break-off", "act", "lapse"
]
Kind: TypeAlias = Literal[
    "demand",
    "talks",
    "ask",
    "promise",
    "decline",
    "extension",
    "consult",
    "assent",
    "answer",
    "redraft",
    "counter-demand",
    "clear",
    "deliver",
    "publicise",
    "confidentiality",
    "receive",
    "read",
    "analyse",
    "inner-circle",
    "position",
    "reply",
    "judge",
    "take-up",
    "set-aside",
    "bind",
    "decide",
    "red-line",
    "link",
    "consent",
    "signal",
    "posture",
    "threaten",
    "contact",
    "own",
]
Tone: TypeAlias = Literal[
    "wait",
    "decline",
    "red-line",
    "openness",
    "limited-hope",
    "disappointment",
    "pessimism",
    "patience",
    "mixed",
    "warning",
    "denial",
    "publicity",
    "clarification",
    "welcome",
    "rejection",
    "claim",
]


class Model(BaseModel):
    """The manners of every part of a pack."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Range(Model):
    """A stretch of an ordered variable: from `min` to `max`, both included."""

    min: str | int | None = None
    """The lowest value that fits; left out, the variable's first."""
    max: str | int | None = None
    """The highest value that fits; left out, the variable's last."""


Test: TypeAlias = str | int | bool | list[str | int | bool] | Range


class When(Model):
    """A condition: every line must hold. `us-paper.stage: analysis` tests a variable for a value,
    `[talks, counter]` for one of several, `{min: 6}` for a range. `any`, `all`, `not` and `count`
    combine conditions."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, defer_build=True)
    __pydantic_extra__: dict[str, Test] = Field(init=False)

    any: "list[When] | None" = None
    """At least one of these conditions holds."""
    all: "list[When] | None" = None
    """Each of these conditions holds."""
    not_: "When | None" = Field(default=None, alias="not")
    """This condition does not hold."""
    count: "CountWhen | None" = None
    """At least so many of these conditions hold."""


class CountWhen(Model):
    """At least `at_least` of the conditions hold."""

    at_least: Annotated[int, Field(ge=1, le=200)]
    """How many, 1 to 200."""
    of: list[When]
    """The conditions that are counted."""


class ShiftBy(Model):
    """A move of an ordered variable that stops at its ends."""

    shift: Annotated[int, Field(ge=-20, le=20)]
    """How many places, -20 to 20."""
    when: When | None = None
    """Only where this held before the action."""


class SetTo(Model):
    """A value given under a condition."""

    set: str | int | bool
    """The value."""
    when: When | None = None
    """Only where this held before the action."""


Then: TypeAlias = dict[str, str | int | bool | ShiftBy | SetTo]


class Cited(Model):
    """Whatever says where it comes from. `reported` cites at least one fact of the pack."""

    basis: Basis = "invented"
    """reported, inferred or invented."""
    facts: list[FactId] = []
    """Ids of facts in facts.yaml."""


class Signal(Cited):
    """Something a voice can say. It commits to nothing."""

    text: Sentence
    """What is said, in our own words, attributed; never an invented quotation."""
    tone: Tone
    """Its tone."""
    assesses: Id | None = None
    """The paper it assesses: refused until that paper was received or its gist is public (G15)."""


class Voice(Model):
    """A person or office that speaks or acts for a party."""

    name: Name
    """As shown: "Antony Blinken, Secretary of State"."""
    authority: Authority
    """decider, minister, spokesperson or courier. Only a decider moves a red line (G2)."""
    facts: list[FactId] = []
    """Where the role is reported."""
    signals: dict[Id, Signal] = {}
    """What this voice can say, once a turn."""


class Posture(Cited):
    """How far a party's military or other means are raised; pressure beside every stage (G14)."""

    levels: Annotated[list[Id], Field(min_length=2, max_length=8)]
    """From the lowest to the highest."""
    start: Id
    """The level at the start."""
    title: Name
    """What is raised: "troops near the border"."""


class Threat(Cited):
    """A measure announced for a case."""

    text: Sentence
    """The measure and its condition, attributed."""


class RedLine(Cited):
    """Items that the party will not accept; only its decider moves it (G2)."""

    items: Annotated[list[Id], Field(min_length=1)]
    """The items behind the line."""
    declared: bool = True
    """Whether it stands from the start, or may be declared in play."""


class Brief(Cited):
    """What only who takes the seat reads."""

    text: Text
    """Aims, limits and means, neutral and in our own words."""


class Party(Model):
    """A government, alliance or body that acts."""

    name: Name
    """As it stands in a sentence: "the United States"."""
    about: Sentence | None = None
    """One sentence on its part in the case."""
    brief: Brief | None = None
    """For the eyes of who takes its seat."""
    facts: list[FactId] = []
    """Where its part is reported."""
    voices: dict[Id, Voice] = {}
    """Its voices of different authority."""
    posture: Posture | None = None
    """Its posture, if pressure of that kind belongs to the case."""
    threats: dict[Id, Threat] = {}
    """Measures it can announce for a case, each once."""
    red_lines: dict[Id, RedLine] = {}
    """Its red lines."""
    contacts: dict[Id, Cited] = {}
    """Next contacts it can announce: ministers, leaders, group, ..."""


class ReportedAnswer(Model):
    """A cell of the item matrix: what is reported of an answer. No cell: not reported."""

    answer: Answer
    """The answer as reported."""
    only_if: bool = False
    """Whether it is reported to hang on a condition."""
    hedged: bool = False
    """Whether the source itself says "reportedly"."""
    note: Sentence | None = None
    """What is particular, in our own words."""
    facts: Annotated[list[FactId], Field(min_length=1)]
    """Where it is reported."""


class Item(Model):
    """One thing that is demanded or offered."""

    title: Name
    """A few words, neutral: "no further admissions to NATO"."""
    code: Name | None = None
    """A short code, as D1."""
    priority: Literal["core", "secondary", "unranked"] = "unranked"
    """Its priority for the demander, as reported."""
    facts: list[FactId] = []
    """Where the item and its priority are reported."""
    only_if: Id | None = None
    """The condition that an offer on it may carry."""
    reciprocal: bool = False
    """Whether another offer on it binds both sides (G8)."""
    collective: bool = False
    """Whether it is a matter of all papers together, the narrowest answer counting (G11)."""
    reported: dict[Id, ReportedAnswer] = {}
    """What is reported per paper, or "aloud" for what was said in public."""
    covers: list[Id] = []
    """At a simpler level: the items of the full level that this point stands for."""


class Partner(Model):
    """A party that the addressee consults on its paper."""

    can_block: bool = False
    """Whether the paper needs its assent before it is cleared."""
    facts: list[FactId] = []
    """Where the consultation is reported."""


class Deadline(Cited):
    """A limit for the answer."""

    kind: Literal["none", "soft", "hard"] = "none"
    """none; soft: an announced date without a penalty, which nothing in play counts; hard: counted
    in rounds."""
    rounds: Count | None = None
    """For a hard deadline: the rounds it has, that of the demand counted, 1 to 20."""
    on_silence: Literal["break-off", "act", "lapse"] | None = None
    """For a hard deadline: the demander's declared default when nothing comes."""
    extension: Annotated[int, Field(ge=0, le=20)] = 0
    """How many rounds more an extension grants, 0 to 20."""
    extension_by: list[Id] = []
    """Who may ask for more time; nobody when empty."""


class Leak(Cited):
    """The text of the paper may become public without anybody's decision."""

    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    """Its weight among nature's events, 1 to 1000, for draws only."""


class OpenedBy(Model):
    """What opens a mirrored exchange, with the roles exchanged: one of the two."""

    paper: Id | None = None
    """A counter-demand carried by this paper."""
    decision: Id | None = None
    """The decision "counter-demand" on this paper."""


class Exchange(Model):
    """A demand for a written answer, named after the paper that answers it."""

    title: Name
    """The paper as it stands in a sentence: "the US paper"."""
    demander: Id
    """The party that demands."""
    addressee: Id
    """The party that answers: the author of the paper."""
    items: Annotated[list[Id], Field(min_length=1, max_length=40)]
    """What the paper has to answer."""
    answers: dict[Id, list[Answer]] = {}
    """For items that admit fewer than the six answers: those that they admit."""
    forms: list[Literal["binding", "non-binding"]] = ["binding"]
    """The forms that the demand may take; the first is the reported one."""
    demand_publicity: list[Literal["published", "confidential"]] = ["published"]
    """How the demand may be handed over; the first is the reported one."""
    talks_first: bool = False
    """Whether talks precede the request for a written answer."""
    promises: list[Literal["soft-date", "no-date"]] = ["no-date"]
    """How the written answer may be promised."""
    may_decline: bool = False
    """Whether the addressee may answer aloud only."""
    partners: dict[Id, Partner] = {}
    """The parties consulted on the paper."""
    members: list[Id] = []
    """For a collective addressee: the members whose assent the paper needs (G5)."""
    deadline: Deadline = Deadline()
    """The limit for the answer."""
    couriers: dict[Id, Id] = {}
    """Who hands the paper over to whom: a voice of the addressee to one of the demander."""
    gist: list[Id] | None = None
    """The items that a gist of the paper tells; left out, all. The rest stays unknown."""
    confidentiality: bool = False
    """Whether the author may ask that the text stays secret (G10)."""
    may_hang: bool = True
    """Whether its offers may carry the conditions of the items."""
    leak: Leak | None = None
    """Whether the text may leak."""
    inner_circle: Name | None = None
    """The circle that the demander's decider may consult."""
    judging: Judging = "core-weighted"
    """How the demander judges the paper (G13)."""
    decisions: Annotated[list[Decision], Field(min_length=1)]
    """The decisions that may end the cycle."""
    cycles: Annotated[int, Field(ge=1, le=4)] = 1
    """How many cycles the exchange may have: restating opens the next, 1 to 4."""
    opened_by: OpenedBy | None = None
    """For a mirrored exchange: what opens it."""


class Link(Cited):
    """Items that the demander ties together: none is closed alone while the link stands (G9)."""

    title: Name
    """The name of the package."""
    items: Annotated[list[Id], Field(min_length=2)]
    """The tied items."""
    may_delink: bool = True
    """Whether the demander may untie them."""


class ItemCondition(Cited):
    """A condition that offers hang on; each side judges for itself whether it is met (G7)."""

    title: Name
    """The condition, as it stands after "only if": "Russia de-escalates at the border"."""


class Topic(Cited):
    """A matter on which a body acts by consensus of its members (G5)."""

    title: Name
    """The matter."""
    members: Annotated[list[Id], Field(min_length=1)]
    """Whose consent is needed, every one."""
    items: Annotated[list[Id], Field(min_length=1)]
    """Items that cannot be accepted, in part or whole, without it."""


class Procedure(Cited):
    """A slow procedure: it limits what an answer can mean and is no quick action (G6)."""

    title: Name
    """Its name."""
    steps: Annotated[list[Name], Field(min_length=2)]
    """Its steps in order."""
    at: Name
    """The step where it stands."""
    rules_out: dict[Id, list[Answer]] = {}
    """Answers that would have to be a step of it, per item."""
    reason: Sentence
    """Why they are ruled out."""


class Dial(Model):
    """A bounded variable that effects shift."""

    title: Name
    """What it measures."""
    levels: Annotated[list[str | int], Field(min_length=2, max_length=20)]
    """From the lowest to the highest."""
    start: str | int
    """Where it starts."""
    basis: Basis = "invented"
    """reported, inferred or invented."""
    facts: list[FactId] = []
    """Ids of facts."""


class OwnVariable(Model):
    """A variable that the case adds."""

    title: Name
    """What it says."""
    values: Annotated[list[Id], Field(min_length=2, max_length=40)]
    """Its values in order."""
    start: Id
    """Its value at the start."""
    seen_by: list[Id] | None = None
    """The viewpoints that see it; left out, all."""


class Match(Model):
    """A key by which an outside list of events names the action, in the words of that list."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    """The code of the event, in quotes. A longer code that begins with it fits too: the CAMEO root
    "11" fits "1122"."""
    actor: Name | None = None
    """Who acts, as the list calls it, in small or capital letters; left out, anybody."""
    target: Name | None = None
    """Whom it is aimed at, as the list calls it; left out, anybody."""


class OwnAction(Cited):
    """What the case adds to an action of the cycle, by its id; or, with a `mover`, a new action."""

    mover: Id | None = None
    """For a new action: the party that may take it, or nature. Its id starts with `own/`."""
    text: Sentence | None = None
    """What happens, in one sentence, neutral and in our own words."""
    when: When | None = None
    """A further condition."""
    otherwise: Sentence | None = None
    """The sentence that refuses it where the condition fails."""
    then: Then = {}
    """Further effects: on dials and the case's own variables; of a new action, on any."""
    seen_by: list[Id] | None = None
    """For a new action: the viewpoints that see it happen; left out, all."""
    weight: Annotated[int, Field(ge=1, le=1000)] | None = None
    """For nature: its weight in draws, 1 to 1000; left out, what it has, or 1."""
    match: list[Match] = []
    """What it is called in outside lists of events (`negsim replay PACK --events FILE`): one key
    has to fit. It changes nothing in play."""


class OwnEnding(Cited):
    """A named condition at which a line stops."""

    title: Name
    """Its name, neutral."""
    reason: Sentence
    """The sentence that the outcome carries."""
    when: When | None = None
    """Where it holds; the one ending without is that of a line that passes for ever."""


class Choice(Model):
    """One alternative at a decision point."""

    do: list[Path] = []
    """The actions that take it, by id; empty where it consists in not acting."""
    text: Sentence
    """The alternative, in a few words."""
    basis: Literal["inferred", "invented"] = "inferred"
    """An alternative is not what happened: inferred from facts, or invented."""
    facts: Annotated[list[FactId], Field(min_length=1)]
    """The facts that make it plausible."""


class Excluded(Model):
    """An alternative that cannot be an action, and why."""

    text: Sentence
    """The alternative."""
    reason: Sentence
    """Why it is none."""
    facts: list[FactId] = []
    """Facts, if any."""


class DecisionPoint(Model):
    """A place where another choice was plausible."""

    question: Sentence
    """The question."""
    recorded: list[Path] = []
    """The actions of the record; empty where nothing is reported."""
    note: Sentence | None = None
    """What was recorded, or that nothing was."""
    facts: list[FactId] = []
    """Where the recorded choice is reported."""
    alternatives: list[Choice] = []
    """The plausible alternatives."""
    excluded: list[Excluded] = []
    """What cannot be an action."""


class Level(Model):
    """A simpler way to play the same case."""

    title: Name
    """Its name."""
    about: Sentence
    """What it leaves out, in one sentence."""
    kinds: list[Kind]
    """The kinds of action it keeps."""
    items: dict[Id, Item]
    """Its points, in place of the items."""
    exchanges: list[Id]
    """The exchanges it keeps."""
    answers: list[Answer]
    """The answers it keeps."""
    decisions: list[Decision]
    """The decisions it keeps."""
    dials: bool = False
    """Whether it keeps the dials."""
    actions: dict[Path, OwnAction] = {}
    """What it adds to actions that only it has, by id."""


class Source(Model):
    """Where facts come from."""

    title: Name
    """The outlet, or the title."""
    short: Name | None = None
    """A short name for citations; left out, the title."""
    date: Date | None = None
    """Its date."""
    place: Sentence | None = None
    """Where it can be found: an address or a work, if known."""
    inferred: bool = False
    """Whether the outlet itself is inferred and not named in the text."""
    outside: bool = False
    """Whether it lies outside the articles that the case is drawn from."""
    note: Sentence | None = None
    """How the outlet is known, or what is particular."""


class Fact(Model):
    """One sourced statement, in our own words."""

    date: Name
    """The date as the source gives it."""
    actor: Name
    """Who acts or speaks."""
    text: Text
    """The statement, in our own words."""
    event_class: Name
    """The CAMEO root, with a note where it has no cell."""
    kind: Literal["event", "claim", "content", "assessment", "background"]
    """event: told in the outlet's own voice; claim: somebody says it; content: of a leaked paper,
    second hand; assessment: by outlet or analyst; background: role, rule or duration."""
    visibility: Name
    """Who could know it."""
    sources: Annotated[list[str], Field(min_length=1)]
    """Ids of sources."""
    unused: Sentence | None = None
    """Why no step, action, text or exercise uses it."""


class Disagreement(Model):
    """A place where the sources differ or are unclear."""

    matter: Text
    """What differs."""
    treatment: Text
    """How the case treats it."""
    facts: list[FactId] = []
    """The facts it touches."""
    sources: list[str] = []
    """The sources that differ."""


class Facts(Model):
    """facts.yaml: sources and facts."""

    format: Literal[1]
    """The version of the format."""
    sources: dict[str, Source]
    """The sources by id."""
    facts: dict[FactId, Fact]
    """The facts by id."""
    disagreements: dict[FactId, Disagreement] = {}
    """Where sources differ, by id."""


class Step(Cited):
    """A step of a line: an action, or an event that is told and moves nothing."""

    id: Id | None = None
    """A name by which other files point to the step."""
    date: Date | None = None
    """A day, a month or a year; steps stand in the order of their dates."""
    dated: Name | None = None
    """The date as the sources give it, where it is no plain day: "mid-December 2021"."""
    do: Path | None = None
    """The action, by id at the full level; left out, the step is told only."""
    levels: dict[Id, Path | None] = {}
    """The action at other levels, by level; without an entry the step is told only there."""
    left_out: list[Id] = []
    """Levels at which the step is not even told, since another one stands for it."""
    text: Sentence | None = None
    """What happened, in one sentence; left out, the action's own."""
    seen_by: list[Id] | None = None
    """Viewpoints that know of it besides those that see the action; what the public knows, all
    know. For a told step left out: all."""
    refused: Path | None = None
    """In place of `do`: an action that must be refused here."""
    because: Sentence | None = None
    """With `refused`: words that the reason must have."""
    goto: Place | None = None
    """Not in a record. In place of `do`: go on from another place: `start`, `record` (its end),
    `r12` (step 12 of the record), the id or the number of an earlier step, or a name given."""
    expect: When | None = None
    """A condition that must hold after the step."""
    mover: Id | None = None
    """Who must have the turn after the step; `nobody` at an ending."""
    sees: dict[Id, Seen] = {}
    """What viewpoints must see after the step, by viewpoint and variable: a value as it is seen,
    one of several, or `hidden`."""
    ending: Id | None = None
    """The ending that must be reached by the step; `none` where none may be."""
    name: Name | None = None
    """Not in a record. A name for the place that is reached."""
    note: Sentence | None = None
    """Not in a record. A note on the place that is reached."""
    by: By | None = None
    """Not in a record. Who chose the action, where it was not a person."""


class Origin(Model):
    """The session that a script was written from."""

    session: SessionId
    """Its random id: 32 hexadecimal digits."""
    content: Digest
    """The SHA-256 of the pack's files as they were: 64 hexadecimal digits."""
    seed: Seed = 0
    """What chance is drawn from."""
    seat: Id | None = None
    """The party that the person played; left out, all."""
    others: Others = "wait"
    """What the other parties do where the line has left the record."""
    team: Name | None = None
    """The name of the team."""
    members: Annotated[list[Name], Field(max_length=40)] = []
    """Who is in it."""


class Script(Model):
    """A line in a file, with what is expected of it: record.yaml is one."""

    format: Literal[1]
    """The version of the format."""
    about: Sentence | None = None
    """What the line is."""
    pack: Name | None = None
    """Not in a record. The case: the name of a pack that ships, or of a folder beside the file."""
    level: Id = "full"
    """Not in a record. The level whose actions the steps name."""
    origin: Origin | None = None
    """Not in a record. The session that the script was written from."""
    steps: list[Step]
    """The steps in order."""
    ends: Sentence | None = None
    """What to say where it stops."""


class Branch(Model):
    """A line that leaves the record before a step."""

    name: Name
    """Its name."""
    point: Name
    """The decision point whose alternative it plays."""
    leaves: Id
    """The id of the record's step before which it leaves."""
    do: list[Path]
    """The actions from there on."""
    ending: Id
    """The ending that it reaches."""


class Branches(Model):
    """branches.yaml: alternatives played to an ending."""

    format: Literal[1]
    """The version of the format."""
    branches: list[Branch]
    """The branches."""


class Pack(Model):
    """pack.yaml: one case."""

    format: Literal[1]
    """The version of the format."""
    id: Id
    """The name of the folder."""
    title: Name
    """The title."""
    about: Sentence
    """One sentence for the list."""
    minutes: Annotated[int, Field(ge=1, le=600)]
    """How long a first play takes, in minutes."""
    difficulty: Literal["introductory", "intermediate", "advanced"]
    """For whom it is."""
    invented: bool = False
    """Whether the case is made up, so that it has no facts."""
    opening: Text | None = None
    """Shown before the first step."""
    outside_the_record: Text | None = None
    """Shown where the record ends: what followed, marked as outside the record."""
    round: Name
    """What a round stands for: "a few days"."""
    parties: Annotated[dict[Id, Party], Field(min_length=2, max_length=12)]
    """The parties, in the order of their turns."""
    viewpoints: list[Id]
    """Whose eyes the case can be seen with; "public" is everybody else's."""
    items: Annotated[dict[Id, Item], Field(min_length=1, max_length=60)]
    """What is demanded or offered."""
    exchanges: Annotated[dict[Id, Exchange], Field(min_length=1, max_length=12)]
    """The exchanges, named after their papers."""
    links: dict[Id, Link] = {}
    """Packages of items."""
    conditions: dict[Id, ItemCondition] = {}
    """Conditions that offers hang on."""
    topics: dict[Id, Topic] = {}
    """Matters of consensus."""
    procedures: dict[Id, Procedure] = {}
    """Slow procedures."""
    dials: dict[Id, Dial] = {}
    """Bounded variables that effects shift."""
    variables: dict[Id, OwnVariable] = {}
    """Variables that the case adds."""
    kinds: list[Kind] | None = None
    """The kinds of action the case uses; left out, all that its parts call for."""
    actions: dict[Path, OwnAction] = {}
    """What the case adds to actions, and its own actions, by id."""
    endings: Annotated[dict[Id, OwnEnding], Field(min_length=1, max_length=40)]
    """The endings; where several hold, the first counts."""
    decision_points: dict[Name, DecisionPoint] = {}
    """Where another choice was plausible."""
    levels: dict[Id, Level] = {}
    """Simpler ways to play the case; the whole is the level "full"."""
