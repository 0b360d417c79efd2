"""Scripts: lines in a file, with what is expected of them, played and checked.

record.yaml is a script. Others name their pack, may go back and forth, expect refusals, and may be
written from a journal, from which the same journal can be made again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import yaml

from negsim.engine import mover, observation, outcome, read
from negsim.errors import (
    IllegalActionError,
    InputError,
    NegsimError,
    Problem,
    printable,
    quote,
    suggestion,
)
from negsim.journal import (
    Answered,
    AnyEntry,
    Applied,
    Header,
    Injected,
    Journal,
    Named,
    Noted,
    Went,
    new_header,
)
from negsim.pack.catalogue import pack_ids, shipped
from negsim.pack.compile import FULL
from negsim.pack.conditions import Mistake, Reader, plain_word
from negsim.pack.load import MOST, in_order, load_pack, placed, read_model, undated, unseen
from negsim.pack.models import Origin, Script, Seen, Step
from negsim.pack.references import absent
from negsim.pack.yaml_tree import MAX_ENTRIES, VALUE, Path_, Tree, load_yaml, parse_yaml
from negsim.replay import Frame, Played, action_at, frame_of, play
from negsim.rules import EVERYTHING, Condition, Game, State, atoms, compile_test, describe
from negsim.session import RESERVED, Case, Node, Session

NOBODY, NONE, HIDDEN = "nobody", "none", "hidden"
"""What a script writes for: no mover, no ending, and what a viewpoint cannot see."""
STEPS = ("steps",)
"""The path of the steps, which may be as many as a session has entries."""
ACTS = ("do", "refused", "goto")
"""What a step can do; one of them at most."""
SAYS = (*ACTS, "text", "expect", "mover", "sees", "ending", "name", "note")
"""What makes a step; one of them at least."""
_NUMBER = re.compile(r"[-+]?[0-9]+")
WITH = {"because": "refused", "by": "do"}
"""Keys that say more of another one."""


@dataclass(frozen=True)
class LoadedScript:
    """A script that can be played: every name in it is known. `tree` says where each part stands.

    `is_record` tells that it is the record of its pack, which says of its steps what they are at
    other levels.
    """

    tree: Tree
    script: Script
    case: Case
    is_record: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What was expected and is not: the path of the expectation in the file, and a sentence."""

    path: Path_
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """A step as it was played: how it is told, where the session stood, what failed of it.

    `checks` are the expectations that it had, by their keys.
    """

    frame: Frame
    here: Node
    checks: tuple[str, ...]
    failures: tuple[Failure, ...]


def load_script(path: Path, level: str | None = None) -> LoadedScript:
    """The script in a file. Raises InputError with every mistake in it, or in its pack.

    A file that names no pack and lies in a pack's folder is that pack's, as its record is. Only
    there a level may be chosen; elsewhere the script says it.
    """
    tree = load_yaml(path, printable(path.name), STEPS)
    if not isinstance(tree, Tree):
        raise InputError(tree)
    problems: list[Problem] = []
    script = read_model(Script, tree, problems)
    if script is None:
        raise InputError(problems)
    own = script.pack is None and (path.parent / "pack.yaml").is_file()
    loaded = load_pack(path.parent if own else _pack(path, script, tree), branches_too=False)
    levels = (FULL, *loaded.pack.levels)
    if script.level not in levels:
        message = absent("level", script.level, levels)
        raise InputError(placed(tree, [(("level", VALUE), message)]))
    if level is not None and not own and level != script.level:
        message = f"{quote(path.name)} is played at its own level, {quote(script.level)}"
        raise NegsimError(f"{message}; leave --level out")
    case = Case(loaded, level or script.level)
    found = LoadedScript(tree, script, case, own and path.name == "record.yaml")
    mistakes = list(islice(_mistakes(found), MOST))
    if mistakes:
        raise InputError(in_order(placed(tree, mistakes)))
    return found


def _pack(path: Path, script: Script, tree: Tree) -> Path:
    """The folder of the pack that a script names: one that ships, or one beside the file.

    A script comes from strangers, so the name is no path.
    """
    name = script.pack
    if name is None:
        message = "the script names no pack; add a line as pack: january-2022"
        raise InputError([tree.problem((), message)])
    plain = name not in (".", "..") and Path(name).name == name
    if plain and (path.parent / name / "pack.yaml").is_file():
        return path.parent / name
    if name not in pack_ids():
        message = absent("pack", name, pack_ids()) + "; or put its folder beside the script"
        raise InputError(placed(tree, [(("pack", VALUE), message)]))
    return shipped() / name


def _mistakes(loaded: LoadedScript) -> Iterator[Mistake]:
    """What a script names and does not exist, and keys that do not go together."""
    yield from undated(loaded.script)
    yield from unseen(loaded.script, loaded.case.loaded.pack)
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    for number, step in enumerate(loaded.script.steps, 1):
        path: Path_ = ("steps", number - 1)
        yield from _unfit(loaded, step, path)
        yield from _unknown(loaded, step, path)
        if step.goto is not None:
            yield from _nowhere(loaded, str(step.goto), number, (ids, names), (*path, "goto"))
        for key, called, others in (("id", step.id, (ids, names)), ("name", step.name, (ids,))):
            if called is None:
                continue
            if RESERVED.fullmatch(called):
                message = f"{quote(called)} means a place already; choose another name"
                yield (*path, key, VALUE), message
            elif first := next((it[called] for it in others if called in it), None):
                message = f"{quote(called)} names step {first} already; choose another"
                yield (*path, key, VALUE), message
        if step.name is not None:
            names.setdefault(step.name, number)
        if step.id is not None:
            ids.setdefault(step.id, number)


def _unfit(loaded: LoadedScript, step: Step, path: Path_) -> Iterator[Mistake]:
    """Keys of a step that do not go together, or not with a script."""
    acts = [key for key in ACTS if getattr(step, key) is not None]
    if len(acts) > 1:
        yield (*path, acts[1]), f"{acts[0]} and {acts[1]} stand in one step; make it two steps"
    if all(getattr(step, key) in (None, {}) for key in SAYS):
        yield path, "the step says nothing; add do:, goto: or what is expected"
    for key, other in WITH.items():
        if getattr(step, key) is not None and getattr(step, other) is None:
            yield (*path, key), f"{key} goes with {other}:; name the action there"
    for key in ("levels", "left_out"):
        if key in step.model_fields_set and not loaded.is_record:
            yield (*path, key), f"{quote(key)} belongs in a record; remove it"


def _unknown(loaded: LoadedScript, step: Step, path: Path_) -> Iterator[Mistake]:
    """Actions, facts and expectations of a step that name what does not exist."""
    game, facts = loaded.case.game, loaded.case.loaded.facts.facts
    for key in ("do", "refused"):
        action = getattr(step, key)
        if action is None or loaded.is_record:
            continue
        if action in game.by_id or action in game.excluded:
            continue
        message = absent("action", action, [*game.by_id, *game.excluded])
        if action in loaded.case.loaded.game.by_id:
            level = quote(loaded.case.level)
            message = f"{quote(action)} is no action of the level {level}; remove it"
        yield (*path, key, VALUE), message
    for place, fact in enumerate(step.facts):
        if fact not in facts:
            yield (*path, "facts", place), absent("fact", fact, facts)
    yield from expectation(game, step, path)[1]


def _nowhere(
    loaded: LoadedScript,
    where: str,
    number: int,
    named: Iterable[Collection[str]],
    path: Path_,
) -> Iterator[Mistake]:
    """A place to go to that no earlier step reaches, and the record has not."""
    known = (("start", "record"), {node.id: node for node in loaded.case.trunk}, *named)
    earlier = re.fullmatch(r"0|[1-9]\d{0,8}", where, re.ASCII) and int(where) < number
    if not earlier and not any(where in names for names in known):
        near = list(islice(chain(*known), MAX_ENTRIES))
        yield (*path, VALUE), absent("place", where, near)


def expectation(game: Game, step: Step, path: Path_) -> tuple[Condition, list[Mistake]]:
    """The condition that a step expects, and what it and the other expectations name wrongly."""
    reader = Reader({it.id: it for it in game.variables}, {it.id: it for it in game.derived})
    condition = reader.condition(step.expect, (*path, "expect"))
    mistakes = reader.mistakes
    movers, endings = {*game.movers, NOBODY}, {*(it.id for it in game.endings), NONE}
    if step.mover is not None and step.mover not in movers:
        mistakes.append(((*path, "mover", VALUE), absent("mover", step.mover, movers)))
    if step.ending is not None and step.ending not in endings:
        mistakes.append(((*path, "ending", VALUE), absent("ending", step.ending, endings)))
    for viewpoint, seen in step.sees.items():
        mistakes += _unseeable(game, viewpoint, seen, (*path, "sees", viewpoint))
    return condition, mistakes


def _unseeable(game: Game, viewpoint: str, seen: Seen, path: Path_) -> Iterator[Mistake]:
    """What a viewpoint can never see so."""
    viewpoints = (*game.viewpoints, EVERYTHING)
    if viewpoint not in viewpoints:
        yield path, absent("viewpoint", viewpoint, viewpoints)
        return
    if not seen:
        yield path, f"what {viewpoint} sees is left open; name a variable"
    for name, value in seen.items():
        if name not in game.position:
            yield (*path, name), absent("variable", name, game.position)
            continue
        variable = game.variables[game.position[name]]
        blurs = [it.blur for it in variable.sights if it.viewpoint == viewpoint]
        there = dict.fromkeys(
            (*variable.values, *(label for blur in blurs for label in blur.values()), HIDDEN)
        )
        choices = value if isinstance(value, list) else [value]
        for place, wanted in enumerate(map(plain_word, choices)):
            if wanted not in there:
                at = (*path, name, place) if isinstance(value, list) else (*path, name)
                ends = (
                    f"; values go from {quote(variable.values[0])} to {quote(variable.values[-1])}"
                )
                message = f"{quote(name)} is never seen as {quote(wanted)}"
                yield (*at, VALUE), message + (suggestion(wanted, there) or ends)


def failures(game: Game, step: Step, path: Path_, state: State) -> Iterator[Failure]:
    """What a step expects of the state after it and is not so. Every name in it is known."""
    condition, _ = expectation(game, step, path)
    if not compile_test(game, condition)(state):
        names = dict.fromkeys(atom.variable for atom in atoms(condition))
        now = ", ".join(f"{name} is {read(game, state, name)}" for name in names)
        yield Failure((*path, "expect"), f"expected that {describe(condition)}; {now}")
    turn = mover(game, state) or NOBODY
    if step.mover is not None and turn != step.mover:
        message = f"expected that {step.mover} has the turn; it is {turn}"
        yield Failure((*path, "mover"), message)
    for viewpoint, wanted in step.sees.items():
        seen = observation(game, state, viewpoint)
        for name, value in wanted.items():
            fitting = [plain_word(it) for it in (value if isinstance(value, list) else [value])]
            found = seen.get(name, HIDDEN)
            if found not in fitting:
                message = f"expected that {viewpoint} sees {name} as {' or '.join(fitting)}"
                yield Failure((*path, "sees", viewpoint, name), f"{message}; it is {found}")
    ended = outcome(game, state)
    reached = ended.ending.id if ended is not None else NONE
    if step.ending is not None and reached != step.ending:
        message = f"expected the ending {quote(step.ending)}; it is {quote(reached)}"
        yield Failure((*path, "ending"), message)


def run(
    loaded: LoadedScript, keep: Callable[[AnyEntry], None] = lambda _: None
) -> Iterator[Result]:
    """Plays a script in a session, step by step; what is refused leaves the state as it was.

    Passes are taken where an action's turn has not come. `keep` is given what a journal would be.
    """
    case, script = loaded.case, loaded.script
    session = Session(case, header_of(loaded), keep)
    places: dict[str, Node] = {"0": session.here}
    for number, step in enumerate(script.steps, 1):
        if case.level in step.left_out:
            continue
        path: Path_ = ("steps", number - 1)
        played, failed = _acted(loaded, session, step, places, path)
        failed += _written(session, step, path)
        places[str(number)] = places[step.id or str(number)] = session.here
        checked = case.level == FULL or not loaded.is_record
        if checked:
            failed += failures(case.game, step, path, session.here.state)
        frame = frame_of(
            case.game,
            case.loaded.game,
            number,
            session.here.round,
            step if loaded.is_record else _as_recorded(case, step, session.here),
            _action(loaded, step),
            played,
            session.here.state,
            None,
        )
        yield Result(frame, session.here, _checks(step) if checked else (), tuple(failed))


def _as_recorded(case: Case, step: Step, here: Node) -> Step:
    """The step with the words and facts of the record, where it is one and has none of its own."""
    if step.do is None or not here.recorded or step.do.startswith("pass/") or here.parent is None:
        return step
    recorded = next(it.step for it in case.frames if f"r{it.number}" == here.id)
    if step.model_fields_set & {"text", "basis", "facts"}:
        return step
    own = step.model_fields_set
    dates = {"date", "dated"} if not own & {"date", "dated"} else set()
    told = {"text", "basis", "facts", *dates, *({"seen_by"} - own)}
    return step.model_copy(update={key: getattr(recorded, key) for key in told})


def _action(loaded: LoadedScript, step: Step) -> str | None:
    return action_at(step, loaded.case.game, loaded.case.level) if loaded.is_record else step.do


def _checks(step: Step) -> tuple[str, ...]:
    there = [key for key in ("refused", "expect", "mover", "ending") if getattr(step, key)]
    return (*there, *(f"sees {viewpoint}" for viewpoint in step.sees))


def _acted(
    loaded: LoadedScript, session: Session, step: Step, places: dict[str, Node], path: Path_
) -> tuple[Played | None, list[Failure]]:
    """Does what the step does; the action as it was taken, and what failed."""
    if step.goto is not None:
        where = str(step.goto)
        try:
            session.goto(places[where].id if where in places else where)
        except NegsimError as error:  # a name that could not be given
            return None, [Failure((*path, "goto"), str(error))]
        return None, []
    if step.refused is not None:
        return None, list(_refused(session, step, step.refused, path))
    action = _action(loaded, step)
    if action is None:
        return None, []
    try:
        played = play(session.game, session.here.state, action)
    except NegsimError as error:
        return None, [Failure((*path, "do"), str(error))]
    for who in played.passes:
        session.apply(f"pass/{who}")
    session.apply(action, step.by)
    return played, []


def _written(session: Session, step: Step, path: Path_) -> Iterator[Failure]:
    """Gives the place its name and note."""
    for key, text, write in (("name", step.name, session.name), ("note", step.note, session.note)):
        try:
            if text is not None:
                write(text)
        except NegsimError as error:
            yield Failure((*path, key), str(error))


def _refused(session: Session, step: Step, action: str, path: Path_) -> Iterator[Failure]:
    try:
        play(session.game, session.here.state, action)
    except IllegalActionError as error:
        if step.because is not None and step.because.lower() not in error.reason.lower():
            message = f"expected a refusal with {quote(step.because)}; the reason is: "
            yield Failure((*path, "because"), message + error.reason)
        return
    yield Failure((*path, "refused"), f"expected that {action} is refused; it is legal")


# Journals as scripts, and back.


def header_of(loaded: LoadedScript) -> Header:
    """The header of the session that a script was written from, or one for a session of its own."""
    case, origin = loaded.case, loaded.script.origin
    pack = case.loaded.pack.id
    if origin is None:
        return new_header(pack, case.loaded.content_hash, case.level, seed=0)
    return Header(pack=pack, level=case.level, **origin.model_dump())


def as_script(journal: Journal) -> dict[str, Any]:
    """The journal as a script, a step for each entry, so that their numbers are the same."""
    header = journal.header
    origin = {name: getattr(header, name) for name in Origin.model_fields}
    return {
        "format": 1,
        "pack": header.pack,
        "level": header.level,
        "origin": {name: value for name, value in origin.items() if value not in (None, [])},
        "steps": [_step_of(entry) for entry in journal.entries],
    }


class _Dumper(yaml.SafeDumper):
    """Quotes what is read as a whole number here and by YAML 1.1 is none, as 089."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="'" if _NUMBER.fullmatch(text) else None
    ),
)


def script_text(journal: Journal) -> str:
    """The journal as a script's text. Raises NegsimError where that could not be read again."""
    text = yaml.dump(
        as_script(journal), None, _Dumper, sort_keys=False, allow_unicode=True, width=98
    )
    read = parse_yaml(text.encode(), printable(journal.file), STEPS)
    if not isinstance(read, Tree):
        message = f"{quote(journal.file)} makes no script that could be read again"
        raise NegsimError(f"{message}: {read[0].message}")
    return text


def _step_of(entry: AnyEntry) -> dict[str, Any]:
    match entry:
        case Applied(action=action, by=by):
            return {"do": action} | ({"by": by} if by is not None else {})
        case Went(to=to):
            return {"goto": to}
        case Named(name=name):
            return {"name": name}
        case Noted(text=text):
            return {"note": text}
        case Answered(task=task):  # a script asks nothing
            return {"note": f"Task {task} was answered."}
        case Injected(inject=inject):
            return {"note": f"From outside: {inject}."}
