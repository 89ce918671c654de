"""Random small schemas as SDL, and random changes of them."""

import re
from collections.abc import Callable
from random import Random

BASE = """
type Query { n: N m: [M] u: U s(i: I, e: E = P, x: Int): S t(first: Int! = 1, ids: [ID!]): T! e: [E!] f: F j: J }
type Mutation { make(i: I!, o: O): S }
interface N { id: ID! name: String }
interface M { tag: E at: J }
union U = S | T
type S implements N { id: ID! name: String own(a: Int = 1): Int e: E }
type T implements N & M { id: ID! name: String! tag: E! at: J s: S list: [Int!] }
type R implements M { tag: E at: J list: [Int!] }
type Alone { a: Int b(x: E2): E2 }
enum E { P Q }
enum F { X Y }
enum E2 { V W }
input I { a: Int b: E = Q c: [I!] d: Int! = 5 }
input O { x: Int y: F }
scalar J
directive @d(x: Int, y: E) repeatable on FIELD | QUERY | INLINE_FRAGMENT | OBJECT
directive @sys(x: Int) on OBJECT | FIELD_DEFINITION
"""
TYPES = ["Int", "String", "E", "F", "J", "S", "T", "N", "U", "M"]
INPUTS = ["Int", "String", "E", "F", "J", "I", "[Int]"]
Change = Callable[[str, Random], str]


def mutate(sdl: str, random: Random) -> str:
    """After one to three changes. What comes out may be no schema: whoever uses it asks first."""
    for _ in range(random.randint(1, 3)):
        sdl = random.choice(CHANGES)(sdl, random)
    return sdl


def _replaced(pattern: str, by: Callable[[re.Match[str], Random], str]) -> Change:
    """One place that the pattern finds is written anew."""

    def change(sdl: str, random: Random) -> str:
        places = list(re.finditer(pattern, sdl))
        if not places:
            return sdl
        place = random.choice(places)
        return sdl[: place.start()] + by(place, random) + sdl[place.end() :]

    return change


def _everywhere(pattern: str, by: Callable[[re.Match[str], Random], str]) -> Change:
    """As `_replaced`, in all places that are written alike: an interface changes with its objects."""

    def change(sdl: str, random: Random) -> str:
        places = list(re.finditer(pattern, sdl))
        if not places:
            return sdl
        place = random.choice(places)
        return sdl.replace(place[0], by(place, random))

    return change


FIELD = r"(?<=[{ ])(\w+)(\([^)]*\))?: (\[?\w+!?\]?!?)(?=[^,)]*\})"
INPUT = r"(\w+): (\[?\w+!?\]?!?)( = \w+)?(?=[,)]| \w+:| \})"
BODY = r"(?<=\w )\{ "
CHANGES: list[Change] = [
    _replaced(FIELD, lambda _found, _: ""),
    _everywhere(FIELD, lambda _found, _: ""),
    _replaced(FIELD, lambda found, random: f"{found[1]}{found[2] or ''}: {random.choice(TYPES)}"),
    _replaced(FIELD, lambda found, _: f"{found[1]}{found[2] or ''}: {found[3].rstrip('!')}!"),
    _everywhere(FIELD, lambda found, _: f"{found[1]}{found[2] or ''}: {found[3].rstrip('!')}!"),
    _replaced(FIELD, lambda found, _: f"{found[1]}{found[2] or ''}: {found[3].rstrip('!')}"),
    _replaced(r"(\w+): (\[?\w+)(!?\]?!?)", lambda found, _: f"{found[1]}: {found[2]}{found[3].removeprefix('!')}"),
    _replaced(r"\(([^)@]*): ", lambda found, random: f"(z: {random.choice(INPUTS)}, {found[1]}: "),
    _replaced(r"\(([^)@]*): ", lambda found, random: f"(z: {random.choice(INPUTS)}!, {found[1]}: "),
    _replaced(r"\(([^)@]*): ", lambda found, _: f"(z: Int = 3, {found[1]}: "),
    _replaced(r", \w+: [^,)]+", lambda _found, _: ""),
    _replaced(INPUT, lambda found, _: f"{found[1]}: {found[2]}"),
    _replaced(INPUT, lambda found, _: f"{found[1]}: {found[2].rstrip('!')}!{found[3] or ''}"),
    _replaced(INPUT, lambda found, _: f"{found[1]}: {found[2].rstrip('!')}{found[3] or ''}"),
    _replaced(r"Int(!?) = (\d)", lambda found, random: f"Int{found[1]} = {random.randint(1, 9)}"),
    _replaced(r"Int(!?)(?=[,) ])", lambda found, random: f"Int{found[1]} = {random.randint(1, 9)}"),
    _replaced(r"enum \w+ \{ ", lambda found, random: f"{found[0]}NEW{random.randint(0, 9)} "),
    _replaced(r"(enum \w+ \{ )\w+ ", lambda found, _: found[1]),
    _replaced(r"union U = \w+ \| ", lambda _found, _: "union U = "),
    _replaced(r"union U = ", lambda _found, random: f"union U = {random.choice(['R', 'Alone'])} | "),
    _replaced(r" implements N & M", lambda _found, random: f" implements {random.choice('NM')}"),
    _replaced(r"type R implements M \{", lambda _found, _: "type R implements M & N { id: ID! name: String"),
    _replaced(r"type (\w) implements [NM] \{", lambda found, _: f"type {found[1]} {{"),
    _replaced(r"$", lambda _found, random: f"type New{random.randint(0, 9)} implements N {{ id: ID! name: String }}"),
    _replaced(r"$", lambda _found, random: f"type Other{random.randint(0, 9)} {{ a: Int }}"),
    _replaced(r"input O \{", lambda _found, _: "input O @oneOf {"),
    _replaced(r"input (\w) \{", lambda found, random: f"input {found[1]} {{ w: {random.choice(INPUTS)}"),
    _replaced(r"input (\w) \{", lambda found, random: f"input {found[1]} {{ w: {random.choice(INPUTS)}!"),
    _replaced(r" repeatable", lambda _found, _: ""),
    _replaced(r"\b[A-Z_]+ \| (?=[A-Z_]{4})", lambda _found, _: ""),
    _replaced(r"directive @\w+[^\n]*\n", lambda _found, _: ""),
    _replaced(r"type Mutation ", lambda _found, _: "type Attached "),
    _replaced(r"\benum (\w+) \{[^}]*\}", lambda found, _: f"scalar {found[1]}"),
    _replaced(BODY, lambda found, random: f"{found[0]}extra: {random.choice(TYPES)} "),
    _replaced(r"type Alone", lambda _found, _: "extend type Query { alone: Alone } type Alone"),
]
