"""All that is said of a series, as one report that every format can be written of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.diff.changes import BREAKING, Change, sort
from gateway.diff.documents import ClientDocument
from gateway.diff.loading import Loaded
from gateway.diff.origin import Place
from gateway.diff.policy import PolicyFinding
from gateway.diff.report import Report
from gateway.diff.results import Operation
from gateway.diff.rules import Rules
from gateway.diff.series import request
from gateway.diff.series.chain import judge_chain
from gateway.diff.series.promises import Promises
from gateway.diff.series.request import Step
from gateway.diff.series.versions import Version


@dataclass(frozen=True, slots=True)
class Judged(Report):
    """`changes` are those of a pull request, in every version; each message names the version."""

    steps: Sequence[Step] = ()

    def place(self, change: Change) -> Place:
        return request.place(self.steps, change)

    @property
    def is_forbidden(self) -> bool:
        """The candidate and unstable may break: there only a document of clients is in the way."""
        return (
            any(finding.allowed is None for finding in self.policy)
            or any(operation.status == "broken" for operation in self.operations)
            or any(_breaks(step, self.exempt) for step in self.steps)
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What is judged by: `base` is the state before a pull request, None where there is none."""

    rules: Rules
    today: date
    documents: Sequence[ClientDocument] = ()
    base: Mapping[str, Loaded] | None = None
    strict: bool = False


def judge(versions: Sequence[Version], given: Given, found: Sequence[PolicyFinding] = ()) -> Judged:
    """`found` is what is known already, about the files that tell of the versions."""
    findings, notes = judge_chain(versions, today=given.today, rules=given.rules)
    promises = Promises(versions, given.documents, strict=given.strict)
    steps = request.judge_request(given.base or {}, versions, promises, strict=given.strict)
    policy = [
        *found,
        *findings,
        *request.frozen(steps, given.today, given.rules),
        *request.gone(given.base or {}, versions),
    ]
    newest = max((version.name for version in versions if version.released), default=versions[-1].name)
    return Judged(
        versions[0].loaded,
        versions[-1].loaded,
        sort([told for step in steps for told in step.changes]),
        operations=_merged(promises.results(), steps),
        deprecated=promises.deprecated(newest) if given.documents else (),
        untouched=_untouched(steps) if given.documents else None,
        policy=policy,
        exempt=request.exempt(steps, given.today, given.rules),
        notes=[*notes, *(request.note(step) for step in steps if step.changes)],
        steps=steps,
    )


def _untouched(steps: Sequence[Step]) -> frozenset[Change]:
    return frozenset(change for step in steps for change in step.untouched or ())


def _breaks(step: Step, exempt: frozenset[Change]) -> bool:
    changes = [told for told in step.changes if told.criticality == BREAKING and told not in exempt]
    return step.version.released and bool(changes)


def _merged(promised: Sequence[Operation], steps: Sequence[Step]) -> list[Operation]:
    """One result for each document: the worst of its promises and of what the pull request does to it."""
    merged = {each.file: each for each in promised}
    ranks = ("unaffected", "affected", "broken")
    for step in steps:
        for each in step.operations:
            before = merged[each.file]
            status = max(before.status, each.status, key=ranks.index)
            reasons = [f"{step.version.name}: {reason}" for reason in each.reasons if each.status != "unaffected"]
            merged[each.file] = Operation(each.file, status, list(dict.fromkeys([*before.reasons, *reasons])))
    return list(merged.values())
