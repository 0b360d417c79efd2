"""A played script as JUnit XML, which build servers read: a test case for each step that checks."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from negsim.errors import Problem, printable


def junit(name: str, cases: Sequence[tuple[str, Sequence[Problem]]]) -> str:
    """The suite of this name: each case with its name and what failed of it."""
    failed = sum(bool(problems) for _, problems in cases)
    suite = Element(
        "testsuite",
        {
            "name": printable(name),
            "tests": str(len(cases)),
            "failures": str(failed),
            "errors": "0",
            "skipped": "0",
        },
    )
    for title, problems in cases:
        case = SubElement(
            suite, "testcase", {"classname": printable(name), "name": printable(title)}
        )
        if problems:
            text = "\n".join(printable(str(problem)) for problem in problems)
            failure = SubElement(case, "failure", {"message": printable(problems[0].message)})
            failure.text = text
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    return tostring(suites, encoding="unicode", xml_declaration=True) + "\n"
