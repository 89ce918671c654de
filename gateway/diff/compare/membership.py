"""Which objects an interface or a union can be: what fragments may be spread, and what clients may meet."""

from gateway.diff.changes import BREAKING, DANGEROUS, SAFE
from gateway.diff.compare.comparison import Comparison
from gateway.diff.model import Type


def compare_interfaces(comparison: Comparison, old: Type, new: Type) -> None:
    for interface in old.interfaces:
        if interface not in new.interfaces:
            _interface_removed(comparison, old, interface)
    for interface in new.interfaces:
        if interface not in old.interfaces:
            _interface_added(comparison, new, interface)


def implementations_of_new(comparison: Comparison, new: Type) -> None:
    """A new object says that it was added; only where clients may meet it is there more to say."""
    for interface in new.interfaces:
        if new.kind == "type" and comparison.is_answered(interface):
            _interface_added(comparison, new, interface)


def _interface_removed(comparison: Comparison, old: Type, interface: str) -> None:
    name = old.name
    if old.kind == "interface":
        # Fragments go by the objects that two types share, and an object that leaves too is reported itself.
        comparison.safe("INTERFACE_REMOVED", name, f"The interface {name} no longer implements {interface}")
        return
    selectable = comparison.before.selectable
    criticality = BREAKING if name in selectable or interface in selectable else SAFE
    message = f"{name} no longer implements {interface}: fragments of one on the other are refused"
    comparison.add("INTERFACE_REMOVED", name, criticality, message, touches=[interface])


def _interface_added(comparison: Comparison, new: Type, interface: str) -> None:
    name = new.name
    if new.kind == "type" and comparison.is_answered(interface):
        message = f"{name} implements {interface} now: clients that select {interface} may meet it"
        comparison.add("INTERFACE_ADDED", name, DANGEROUS, message, touches=[interface])
    else:
        comparison.safe("INTERFACE_ADDED", name, f"{name} implements {interface} now")


def compare_members(comparison: Comparison, old: Type, new: Type) -> None:
    name = old.name
    for member in old.members:
        if member not in new.members:
            criticality = BREAKING if name in comparison.before.selectable else SAFE
            message = f"{member} was removed from {name}: fragments on {member} are refused there"
            comparison.add("UNION_MEMBER_REMOVED", name, criticality, message)
    for member in new.members:
        if member not in old.members:
            criticality = DANGEROUS if comparison.is_answered(name) else SAFE
            why = ": clients that select it may meet it" if criticality else ""
            comparison.add("UNION_MEMBER_ADDED", name, criticality, f"{member} was added to {name}{why}")
