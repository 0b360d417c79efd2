"""What a teacher writes, version 1 of the format: a file in a pack's folder `exercises`, or in a
folder of the teacher's own.

An exercise is a brief and a row of tasks. A task either asks something, or sets something to be
played; what is asked is compiled into questions (`negsim.classroom.questions`).
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field

from negsim.pack.models import (
    Count,
    FactId,
    Id,
    Judging,
    Model,
    Name,
    Others,
    Path,
    Sentence,
    Text,
    When,
)

Minutes: TypeAlias = Literal[20, 50, 90]
Hidden: TypeAlias = Literal["record", "endings", "branches", "facts"]
"""What nobody is shown before the debrief: the record's steps to come, the endings ahead, the tree
of branches, the facts."""
Facts: TypeAlias = list[FactId]


class Shows(Model):
    """What is read beside a task: facts in full, and steps of the record as they are told."""

    facts: Facts = []
    """Facts by id."""
    steps: Annotated[list[Id], Field(max_length=2)] = []
    """One step of the record by its id, or the first and the last of several."""
    paper: Id | None = None
    """A paper as it stands where the task is set, point by point."""


class Option(Model):
    """One answer that can be chosen."""

    text: Sentence
    """The answer."""
    right: bool = False
    """Whether it is right; several may be."""
    feedback: Sentence | None = None
    """What is said of it once it was chosen."""
    facts: Facts = []
    """The facts behind it."""


Options: TypeAlias = Annotated[dict[Id, Option], Field(min_length=2, max_length=12)]


class Asks(Model):
    """What every task has."""

    ask: Text
    """What is to be done, in the second person."""
    title: Name | None = None
    """A short title; left out, the kind of task."""
    weight: Annotated[int, Field(ge=0, le=100)] = 1
    """Its weight in the performance, 0 to 100; what is never graded weighs nothing."""
    minutes: Annotated[int, Field(ge=1, le=90)] | None = None
    """How long it takes, in minutes."""
    after: Name | None = None
    """Where the session is put before it: `start`, `record` (its end), or after a step of the
    record by its id; left out, it stays where it is."""
    shows: Shows = Shows()
    """What is read beside it."""
    concepts: list[Id] = []
    """The words of the glossary that it is about."""
    told: Text | None = None
    """What is said once it was answered, after the feedback of each answer; it cites facts in
    brackets, as [F12]."""


class Choose(Asks):
    """One of several answers, or with `several` all that are right."""

    kind: Literal["choose"]
    options: Options
    """The answers by id, in the order in which they are shown."""
    several: bool = False
    """Whether more than one may be chosen."""


class Entry(Model):
    """One thing to be put in order."""

    text: Sentence
    """What it is."""
    facts: Facts = []
    """The facts behind it."""


class Order(Asks):
    """Things to be put in order: they are written in the right one, and shown drawn."""

    kind: Literal["order"]
    entries: Annotated[dict[Id, Entry], Field(min_length=3, max_length=10)]
    """The things by id, in the right order."""
    alike: list[list[Id]] = []
    """Things that stand beside each other and whose order among themselves does not matter."""


class Matched(Model):
    """One thing to be matched."""

    text: Sentence
    """What it is."""
    right: Annotated[list[Id], Field(min_length=1)]
    """The choices that fit; one of them is enough."""
    feedback: Sentence | None = None
    """What is said of it once it was answered."""
    facts: Facts = []
    """The facts behind it."""


Choices: TypeAlias = Annotated[dict[Id, Sentence], Field(min_length=2, max_length=12)]


class Match(Asks):
    """Each of several things goes with one of the choices."""

    kind: Literal["match"]
    things: Annotated[dict[Id, Matched], Field(min_length=2, max_length=12)]
    """The things by id."""
    choices: Choices
    """The choices by id."""


class Statement(Model):
    """One statement to be attributed. Its kind is that of its fact."""

    text: Sentence
    """The statement, without who says it."""
    fact: FactId
    """The fact behind it."""
    who: Annotated[list[Id], Field(min_length=1)]
    """Who says it, of the choices; one of them is enough."""
    feedback: Sentence | None = None
    """What is said of it once it was answered."""


class Attribute(Asks):
    """Who said it, and is it event, claim, leaked content, assessment or background?"""

    kind: Literal["attribute"]
    statements: Annotated[dict[Id, Statement], Field(min_length=1, max_length=12)]
    """The statements by id."""
    who: Choices
    """Who may have said them, by id."""


class Predicted(Model):
    """One value that is predicted: it is read from the state after the step."""

    ask: Sentence
    """What it is."""
    of: Name
    """A variable of the game, by id, as `us-paper.enlargement`; or `ending`."""
    facts: Facts = []
    """The facts that report what came."""


class Predict(Asks):
    """What the record will show, before it does. The guess itself earns nothing: it can be looked
    up. The reason does."""

    kind: Literal["predict"]
    until: Id
    """The step of the record that shows it, by id."""
    values: Annotated[dict[Id, Predicted], Field(min_length=1, max_length=12)]
    """What is predicted, by id."""
    because: Options
    """The reasons that can be given; some of them are good ones."""


class Goal(Model):
    """A condition on a state, an ending, or both."""

    when: When | None = None
    """The condition, in the form of packs."""
    ending: Id | None = None
    """The ending, by id."""


class Limits(Model):
    """How long is played."""

    actions: Annotated[int, Field(ge=1, le=500)] | None = None
    """At most so many actions of the player, passes not counted."""
    rounds: Count | None = None
    """At most so many rounds; what a round stands for the pack says."""


class Plays(Asks):
    """What every task has that is played."""

    goal: Goal
    """What is to be reached, avoided or found."""
    within: Limits = Limits()
    """How long is played; a task of the kind find has no limits. When it is over, nothing more can
    be: what was not delivered by then was not answered."""
    reasons: bool = False
    """Whether a reason is asked for at each answer of a paper; it counts as part of taking part."""


class Reach(Plays):
    """Bring it about, in the exercise's seat, against the stated others."""

    kind: Literal["reach"]


class Avoid(Plays):
    """Keep it from coming about until the limit."""

    kind: Literal["avoid"]


class Find(Plays):
    """Find a line on which it holds, trying as many as are wanted; it has no limits. That there is
    one is proved when the exercise is checked."""

    kind: Literal["find"]


class Compare(Asks):
    """Which step of a line was its turning point: the one that closed an ending?"""

    kind: Literal["compare"]
    line: list[Path] = []
    """The line, by action ids from where the task is set; left out, the record from there on."""
    until: Id | None = None
    """Without a line: the last step of the record that is shown, by id."""
    beside: list[Path] = []
    """Another branch from the same place, read beside it: the ending stays possible on it."""
    ending: Id
    """The ending that the step closed, by id."""
    right: Annotated[list[Path], Field(min_length=1)]
    """The action that closed it, by id; the explorer proves it when the exercise is checked."""


class Judge(Asks):
    """Read one paper as each judging rule would, point by point and as a whole."""

    kind: Literal["judge"]
    paper: Id
    """The paper: as the record has it where the task is set, or with `own` as the player wrote
    it."""
    own: bool = False
    """Whether it is the player's own paper that is read."""
    rules: Annotated[list[Judging], Field(min_length=1)] = [
        "all-or-nothing",
        "item-by-item",
        "core-weighted",
    ]
    """The rules it is read under."""


class Seal(Asks):
    """A verdict or a reason, written before the others show theirs; opened together. Where two sit
    at one terminal, each writes their own. Never graded."""

    kind: Literal["seal"]
    choices: Choices | None = None
    """The verdicts by id; left out, only a reason is written."""
    aim: Sentence | None = None
    """What to talk about once they are open."""


class Criterion(Model):
    """One line of a rubric, for the teacher."""

    text: Sentence
    """What a good text has."""
    points: Annotated[int, Field(ge=1, le=20)] = 1
    """How many points it is worth."""


class Explain(Asks):
    """A text. Never graded by negsim: the rubric is the teacher's."""

    kind: Literal["explain"]
    rubric: Annotated[list[Criterion], Field(min_length=1, max_length=12)]
    """What the teacher looks for."""


Task: TypeAlias = Annotated[
    Choose
    | Order
    | Match
    | Attribute
    | Predict
    | Reach
    | Avoid
    | Find
    | Compare
    | Judge
    | Seal
    | Explain,
    Field(discriminator="kind"),
]
PLAYED = (Reach, Avoid, Find)
"""The kinds of task that are played."""


class Inject(Model):
    """Something that comes from outside while it is played: a message, a turn of events."""

    round: Annotated[int, Field(ge=1, le=20)]
    """In which round of play it comes at the earliest, counted from where the play began."""
    sender: Sentence
    """From whom it is."""
    to: list[Id] = []
    """The seats that hear of it; left out, all."""
    text: Text
    """What it says."""
    basis: Literal["inferred", "invented"] = "invented"
    """It is not of the record."""
    facts: Facts = []
    """Facts that make it plausible."""
    effect: Path | None = None
    """An action of nature, by id, that happens with it."""
    odds: Annotated[int, Field(ge=1, le=100)] | None = None
    """In how many of a hundred classes it comes, drawn from the session's seed; left out, only when
    whoever leads the class says so."""


class Team(Model):
    """One card of a team at one laptop."""

    title: Name
    """What the role is called."""
    does: Sentence
    """What it does."""


class Exercise(Model):
    """One exercise."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    format: Literal[1]
    """The version of the format."""
    title: Name
    """The title."""
    about: Sentence
    """One sentence for the list; it gives nothing away."""
    pack: Name | None = None
    """The case: the name of a pack that ships. Left out in a pack's own folder."""
    minutes: Minutes
    """How long it takes in class: 20, 50 or 90. Of fifty, some 22 are at the keys."""
    level: Id = "full"
    """The level that is played."""
    goals: Annotated[list[Sentence], Field(min_length=1, max_length=6)]
    """What is learned."""
    concepts: Annotated[list[Id], Field(min_length=1, max_length=10)]
    """The words of the glossary that it teaches, by id."""
    seats: Annotated[list[Id], Field(max_length=2)] = []
    """Who is played: one party; two, at one terminal with a curtain between; none, everybody."""
    others: Others = "record"
    """What the other parties do."""
    start: Name = "start"
    """Where it starts: `start`, `record` (its end), or after a step of the record by its id."""
    line: list[Path] = []
    """Actions that are taken from there before anybody is asked."""
    hides: list[Hidden] = ["record", "endings", "branches"]
    """What is hidden until the debrief."""
    feedback: Literal["now", "later"] = "now"
    """When it is said what is right: after each task, or only with the teacher's pages. It keeps
    answers from being said, not from who opens the exercise's file."""
    brief: Text
    """What everybody reads first."""
    facts: Facts = []
    """The facts behind the brief."""
    private: dict[Id, Text] = {}
    """What only a seat reads, by seat."""
    check: Annotated[dict[Id, Choose], Field(max_length=6)] = {}
    """What is asked before play, to see whether the brief was understood. Never graded; it is asked
    until it is right."""
    injects: Annotated[dict[Id, Inject], Field(max_length=12)] = {}
    """What comes from outside while it is played, by id."""
    tasks: Annotated[dict[Id, Task], Field(min_length=1, max_length=20)]
    """The tasks, in order."""
    team: Annotated[list[Team], Field(max_length=6)] = []
    """Cards for a team at one laptop; left out, driver, scribe, decider, partner and press."""


class Concept(Model):
    """A word of the field, as it is taught here."""

    title: Name
    """The word."""
    about: Text
    """What it means, in two or three sentences."""
    source: Sentence
    """Where the notion comes from: a rule of the model, a fact, or a work."""
    shown_by: list[Id] = []
    """What shows it in play: kinds of action, as `consult`, or another part of an action's id."""


class Glossary(Model):
    """The words that exercises teach, by id."""

    format: Literal[1]
    """The version of the format."""
    concepts: dict[Id, Concept]
    """The words."""
