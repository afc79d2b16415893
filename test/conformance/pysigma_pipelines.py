"""Takes rules through processing pipelines with pySigma.

Standard input is a list of {"pipeline": YAML, "rule": YAML}; standard output the list of what came out: {"form": tree} or
{"error": text}. Trees are written as test/sigma/rule-form.ts writes them.
"""

import json
import sys

from sigma.collection import SigmaCollection
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.processing.pipeline import ProcessingPipeline
from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SpecialChars,
)

WILDCARDS = {SpecialChars.WILDCARD_MULTI: ["*"], SpecialChars.WILDCARD_SINGLE: ["?"]}


def joined(kind, parts):
    parts = [part for part in parts if part is not None]
    flat = [inner for part in parts for inner in (part[1:] if part[0] == kind else [part])]
    texts = {json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in flat}
    # JavaScript sorts by units of UTF-16.
    texts = sorted(texts, key=lambda text: text.encode("utf-16-be", "surrogatepass"))
    if not texts:
        return None
    return json.loads(texts[0]) if len(texts) == 1 else [kind, *map(json.loads, texts)]


def pieces_of(string, keyword):
    pieces = []
    for part in string.s:
        if isinstance(part, Placeholder):
            raise ValueError(f"placeholder {part.name}")
        if isinstance(part, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += part
        elif part != "" and not (part == SpecialChars.WILDCARD_MULTI and pieces[-1:] == [["*"]]):
            pieces.append(part if isinstance(part, str) else WILDCARDS[part])
    if keyword:  # Searched anywhere in the event.
        pieces = [["*"]] * (pieces[:1] != [["*"]]) + pieces + [["*"]] * (pieces[-1:] != [["*"]])
    return pieces


def form_of_value(field, value):
    match value:
        case SigmaExpansion():
            return joined("or", [form_of_value(field, inner) for inner in value.values])
        case SigmaNull():
            return [field, "null"]
        case SigmaString():
            kind = "cased" if isinstance(value, SigmaCasedString) else "text"
            return [field, kind, pieces_of(value, field is None)]
        case SigmaBool():
            return [field, "boolean", value.boolean]
        case SigmaNumber():
            return [field, "number", value.number]
        case SigmaRegularExpression():
            return [field, "regex", value.regexp.original, "".join(sorted(flag.name[0].lower() for flag in value.flags))]
        case SigmaCompareExpression():
            return [field, value.op.name.lower(), value.number.number]
        case SigmaFieldReference():
            return [field, "field", value.field]
        case SigmaCIDRExpression():
            return [field, "cidr"]
        case SigmaExists():
            return [field, "exists", value.exists]
    raise NotImplementedError(type(value).__name__)


def form_of(condition):
    match condition:
        case None:
            return None
        case ConditionAND():
            return joined("and", [form_of(part) for part in condition.args])
        case ConditionOR():
            return joined("or", [form_of(part) for part in condition.args])
        case ConditionNOT():
            inner = form_of(condition.args[0])
            return None if inner is None else ["not", inner]
        case ConditionFieldEqualsValueExpression():
            return form_of_value(condition.field, condition.value)
        case ConditionValueExpression():
            return form_of_value(None, condition.value)
    raise NotImplementedError(type(condition).__name__)


def judge(case):
    try:
        pipeline = ProcessingPipeline.from_yaml(case["pipeline"])
        rule = SigmaCollection.from_yaml(case["rule"]).rules[0]
        pipeline.apply(rule)
        form = joined("or", [form_of(condition.parsed) for condition in rule.detection.parsed_condition])
        return {"error": "nothing is left"} if form is None else {"form": form}
    except Exception as error:  # Whatever pySigma raises is its answer.
        return {"error": f"{type(error).__name__}: {error}"[:300]}


print(json.dumps([judge(case) for case in json.load(sys.stdin)], ensure_ascii=False))
