"""Compares what was answered with what a scenario expects. Must never know a rule or a service."""

import re

MISSING = object()
_PART = re.compile(r"([A-Za-z0-9_]+)|\[(\d+|\*)\]")


def look_up(value, path):
    """The value at a path: "card.nextSteps[0].code"; [*] gathers from every element; MISSING when there is none."""
    at = 0
    while at < len(path):
        if path[at] == ".":
            at += 1
        part = _PART.match(path, at)
        if not part:
            raise ValueError(f"not a path: {path}")
        at = part.end()
        name, index = part.groups()
        if index == "*":
            found = [look_up(each, path[at:]) for each in value] if isinstance(value, list) else []
            return [each for each in found if each is not MISSING]
        if index is not None:
            value = value[int(index)] if isinstance(value, list) and int(index) < len(value) else MISSING
        else:
            value = value.get(name, MISSING) if isinstance(value, dict) else MISSING
        if value is MISSING:
            return MISSING
    return value


def _contains(found, wanted):
    wanted = wanted if isinstance(wanted, list) else [wanted]
    return found is not MISSING and all(each in found for each in wanted)


# A wanted value that is {word: argument} is one of these; everything else is equality.
WORDS = {
    "contains": _contains,
    "lacks": lambda found, wanted: found is MISSING or not _contains(found, wanted),
    "one_of": lambda found, wanted: found in wanted,
    "matches": lambda found, wanted: isinstance(found, str) and re.search(wanted, found) is not None,
    "lacks_match": lambda found, wanted: not isinstance(found, str) or re.search(wanted, found) is None,
    "count": lambda found, wanted: isinstance(found, list) and len(found) == wanted,
    "at_least": lambda found, wanted: isinstance(found, list) and len(found) >= wanted,
    "empty": lambda found, wanted: (found is MISSING or found in ("", [], {}, 0, "0", None)) == wanted,
    "starts_with": lambda found, wanted: isinstance(found, list) and found[:len(wanted)] == wanted,
    "not": lambda found, wanted: found != wanted,
}


def fits(found, wanted):
    if isinstance(wanted, dict) and len(wanted) == 1 and next(iter(wanted)) in WORDS:
        word, argument = next(iter(wanted.items()))
        return WORDS[word](found, argument)
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool) and isinstance(found, str):
        return found == str(wanted)  # 64-bit numbers are strings in JSON
    return found == wanted


def differences(answer, expected):
    """What does not fit, one line each. `expected`: path -> wanted value."""
    lines = []
    for path, wanted in (expected or {}).items():
        found = look_up(answer, path)
        if not fits(found, wanted):
            shown = "nothing" if found is MISSING else repr(found)
            lines.append(f"{path}: expected {wanted!r}, got {shown}")
    return lines
