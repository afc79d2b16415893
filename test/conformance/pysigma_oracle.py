"""Judges events with Sigma's own parser.

pySigma reads the rules, their modifiers and conditions, and says which log source contains which; it has no evaluator,
so single values are compared here, with Python's re and ipaddress.

Called with a file of events and directories of rules. The file holds one event a line:
{"logsource": [...], "fields": {...}, "values": [...], "rule": "id, or absent for every rule that takes the log source"}.
Standard output begins with a line about the oracle; then follows one line an event: {"taken": [ids], "matched": [ids]}.
"""

import ipaddress
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.rule import SigmaLogSource, SigmaRule
from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)

WILDCARDS = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
FLAGS = {
    SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE,
    SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
    SigmaRegularExpressionFlag.DOTALL: re.DOTALL,
}


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return value


def elements(value):
    """The elements of an array, however nested; an empty one is null."""
    if not isinstance(value, list):
        return [value]
    return [element for inner in value for element in elements(inner)] or [None]


def string_test(pattern, keyword):
    expression = "".join(WILDCARDS[part] if part in WILDCARDS else re.escape(part) for part in pattern.s)
    flags = re.DOTALL | (0 if isinstance(pattern, SigmaCasedString) else re.IGNORECASE)
    compiled = re.compile(expression, flags)
    find = compiled.search if keyword else compiled.fullmatch
    return lambda value, _event: value is not None and find(text_of(value)) is not None


def number_test(number, keyword):
    if keyword:
        return lambda value, _event: value is not None and str(number) in text_of(value)
    return lambda value, _event: (
        value == number if isinstance(value, (int, float)) and not isinstance(value, bool) else value == str(number)
    )


def regex_test(expression):
    flags = 0
    for flag in expression.flags:
        flags |= FLAGS[flag]
    search = re.compile(expression.regexp.original, flags).search
    return lambda value, _event: value is not None and search(text_of(value)) is not None


def cidr_test(network):
    def holds(value, _event):
        try:
            return isinstance(value, str) and ipaddress.ip_address(value) in network
        except ValueError:
            return False

    return holds


def reference_test(reference):
    def holds(value, event):
        others = [text_of(other) for other in elements(event["fields"].get(reference.field)) if other is not None]
        if value is None:
            return False
        text = text_of(value).lower()
        for other in map(str.lower, others):
            if reference.starts_with or reference.ends_with:
                if reference.starts_with and text.startswith(other) or reference.ends_with and text.endswith(other):
                    return True
            elif text == other:
                return True
        return False

    return holds


def value_test(value, keyword=False):
    """A function of one value and its event. Raises for kinds of values that no public rule uses."""
    match value:
        case SigmaExpansion():
            tests = [value_test(inner, keyword) for inner in value.values]
            return lambda found, event: any(test(found, event) for test in tests)
        case SigmaNull():
            return lambda found, _event: found is None
        case SigmaString():
            return string_test(value, keyword)
        case SigmaBool():
            word = "true" if value.boolean else "false"
            return lambda found, _event: found is not None and text_of(found).lower() == word
        case SigmaNumber():
            return number_test(value.number, keyword)
        case SigmaRegularExpression():
            return regex_test(value)
        case SigmaCIDRExpression():
            return cidr_test(value.network)
        case SigmaFieldReference():
            return reference_test(value)
    raise NotImplementedError(type(value).__name__)


def compile_condition(condition):
    match condition:
        case ConditionAND():
            parts = [compile_condition(part) for part in condition.args]
            return lambda event: all(part(event) for part in parts)
        case ConditionOR():
            parts = [compile_condition(part) for part in condition.args]
            return lambda event: any(part(event) for part in parts)
        case ConditionNOT():
            inner = compile_condition(condition.args[0])
            return lambda event: not inner(event)
        case ConditionFieldEqualsValueExpression():
            field = condition.field
            if isinstance(condition.value, SigmaExists):
                expected = condition.value.exists
                return lambda event: (field in event["fields"]) == expected
            test = value_test(condition.value)
            return lambda event: any(test(value, event) for value in elements(event["fields"].get(field)))
        case ConditionValueExpression():
            test = value_test(condition.value, keyword=True)
            return lambda event: any(
                test(value, event) for whole in event["values"] for value in elements(whole) if value is not None
            )
    raise NotImplementedError(type(condition).__name__)


def read_rules(directories):
    rules, refused = {}, {}
    for directory in directories:
        for path in sorted(Path(directory).rglob("*.yml")):
            try:
                rule = SigmaRule.from_yaml(path.read_text(encoding="utf-8"))
                conditions = [compile_condition(condition.parsed) for condition in rule.detection.parsed_condition]
                rules[str(rule.id)] = (rule.logsource, conditions)
            except Exception as error:  # Whatever pySigma raises: the rule is named, and the others go on.
                refused[str(path)] = f"{type(error).__name__}: {error}"[:200]
    return rules, refused


def main():
    events, *directories = sys.argv[1:]
    rules, refused = read_rules(directories)
    about = {"name": "pySigma", "version": version("pysigma"), "python": sys.version.split()[0]}
    print(json.dumps({**about, "rules": sorted(rules), "refused": refused}))
    routes = {}
    with open(events, encoding="utf-8") as lines:
        for line in lines:
            print(json.dumps(judge(json.loads(line), rules, routes)))


def judge(event, rules, routes):
    if "rule" in event:
        taken = [event["rule"]] if event["rule"] in rules else []
    else:
        key = json.dumps(event["logsource"])
        if key not in routes:
            # pySigma refuses an empty log source, which no rule contains.
            sources = [SigmaLogSource(**source) for source in event["logsource"] if source]
            routes[key] = [id for id, (own, _) in rules.items() if any(source in own for source in sources)]
        taken = routes[key]
    return {"taken": taken, "matched": [id for id in taken if any(condition(event) for condition in rules[id][1])]}


if __name__ == "__main__":
    main()
