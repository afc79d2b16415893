import type { ProblemCode } from '../../sigma/index.ts';
import type { ProblemCase } from './problem-case.ts';
import { ruleText } from './rule-text.ts';

/** The detection's lines begin at line 6, two columns in. */
const of = (
  when: string,
  detection: string,
  code: ProblemCode,
  at: readonly [number, number],
  suggestion?: string,
): ProblemCase => ({
  when,
  text: ruleText(detection),
  code,
  at,
  ...(suggestion === undefined ? {} : { suggestion }),
});
const item = (
  when: string,
  text: string,
  code: ProblemCode,
  column: number,
  suggestion?: string,
): ProblemCase => of(when, `s:\n  ${text}\ncondition: s`, code, [7, column], suggestion);
/** Two search identifiers, both of which must hold, or the second not. */
const both = (when: string, a: string, b: string, code: ProblemCode): ProblemCase =>
  of(when, `a: {${a}}\nb: {${b}}\ncondition: a and b`, code, [8, 14]);
const butNot = (when: string, a: string, b: string, code: ProblemCode): ProblemCase =>
  of(when, `a: {${a}}\nb: {${b}}\ncondition: a and not b`, code, [8, 14]);

const conditions: readonly ProblemCase[] = [
  of('a condition excludes itself', 'a: {f: 1}\ncondition: a and not a', 'condition_impossible', [7, 14]),
  butNot('an identical search is excluded', 'f: x', 'f: X', 'condition_impossible'),
  butNot('what is excluded holds more', 'f: x', 'f: [x, y]', 'condition_impossible'),
  butNot('what is excluded is a part', String.raw`f|endswith: '\cmd.exe'`, 'f|contains: CMD', 'condition_impossible'),
  butNot('what is excluded is a shorter end', String.raw`f|endswith: '\cmd.exe'`, 'f|endswith: exe', 'condition_impossible'),
  butNot('what is excluded is a shorter beginning', 'f: abc*', 'f|startswith: ab', 'condition_impossible'),
  butNot('what is excluded is any value', 'f: x', "f: '*'", 'condition_impossible'),
  butNot('what is excluded is a wider range', 'f|gt: 5', 'f|gte: 3', 'condition_impossible'),
  butNot('what is excluded holds the number', 'f: 5', 'f|lt: 7', 'condition_impossible'),
  butNot('what is excluded asks for less', 'f|contains|all: [a, b]', 'f|contains: a', 'condition_impossible'),
  both('neq excludes it', 'f: x', 'f|neq: x', 'condition_impossible'),
  both('a field is there and is not', 'f|exists: true', 'f|exists: false', 'condition_impossible'),
  both('a field that is not there has a value', 'f: x', 'f|exists: false', 'condition_impossible'),
  butNot('a field that is not there is not null', 'f|exists: false', 'f: null', 'condition_impossible'),
  of('every branch excludes itself', 'a: {f: 1}\nb: {f: 2}\ncondition: (a and not a) or (b and not 1 of b*)', 'condition_impossible', [8, 14]),
  of('only each branch contradicts what holds for all', 'a: {f: 1}\nb: {f: 2}\ncondition: a and not a or b and (not b or not b)', 'condition_impossible', [8, 14]),
  both('one value is two texts', 'f: x', 'f: y', 'condition_single'),
  both('one value is two numbers', 'EventID: 1', 'EventID: 2', 'condition_single'),
  both('a range is empty', 'f|gt: 5', 'f|lt: 3', 'condition_single'),
  both('a number lies at a strict bound', 'f|gt: 5', 'f: 5', 'condition_single'),
  item('one value is all of two texts', 'f|all: [x, y]', 'condition_single', 3),
  of('a condition asks for nothing', 'a: {f: 1}\ncondition: not a', 'condition_open', [7, 14]),
  of('one branch asks for nothing', 'a: {f: 1}\nb: {g: 1}\ncondition: a or not b', 'condition_open', [8, 14]),
  of('"them" is one', 'a: {f: 1}\ncondition: 1 of them', 'them_single', [7, 14], 'a'),
].map((one) => (one.when === 'one value is all of two texts' ? { ...one, at: [8, 14] as const } : one)); // prettier-ignore

const items: readonly ProblemCase[] = [
  item('a field begins with a space', "' f': a", 'field_spaces', 6, 'f'),
  item('all has one value', 'f|contains|all: a', 'all_single', 5),
  item('a value stands twice', 'f: [a, b, A]', 'value_duplicate', 15),
  item('a value has a control character', String.raw`f|contains: "C:\temp"`, 'value_control', 17),
  item('wildcards stand in a row', 'f|contains: a**b', 'wildcard_double', 17),
  item('contains has a wildcard before it', "f|contains: '*a'", 'wildcard_redundant', 18),
  item('startswith has a wildcard behind it', 'f|startswith: a*', 'wildcard_redundant', 19),
  item('wildcards say contains', "f: '*a*'", 'wildcard_relation', 5, 'f|contains'),
  item('wildcards say startswith', 'f: [a*, b*]', 'wildcard_relation', 5, 'f|startswith'),
  item('wildcards say endswith', "f|all: ['*a', '*b']", 'wildcard_relation', 5, 'f|endswith|all'),
  item('a path escapes its wildcard', String.raw`f|contains: C:\Users\*\AppData\temp\?`, 'escape_doubtful', 17, String.raw`C:\Users\\*\AppData\temp\\?`),
  item('a network is a text with a wildcard', 'SourceIp: 10.*', 'network_text', 15, 'SourceIp|cidr: 10.0.0.0/8'),
  item('a network is the start of a text', 'dst_ip|startswith: 192.168.', 'network_text', 24, 'dst_ip|cidr: 192.168.0.0/16'),
]; // prettier-ignore

const plain = ruleText('s: {f: a}\ncondition: s');
const head = (
  when: string,
  line: string,
  code: ProblemCode,
  column: number,
  suggestion?: string,
): ProblemCase => ({
  when,
  text: `${line}\n${plain}`,
  code,
  at: [1, column],
  ...(suggestion === undefined ? {} : { suggestion }),
});

const metadata: readonly ProblemCase[] = [
  { when: 'the title is too long', text: plain.replace('Test', 't'.repeat(257)), code: 'title_long', at: [1, 8] },
  head('a date is the other way round', 'date: 02.01.2026', 'date_invalid', 7),
  head('a date lacks zeros', 'modified: 2026-1-2', 'date_invalid', 11, '2026-01-02'),
  head('a date does not exist', 'date: 2026-13-01', 'date_invalid', 7),
  head('a status is misspelt', 'status: experimentl', 'status_unknown', 9, 'experimental'),
  head('a tag has no namespace', 'tags: [execution]', 'tag_invalid', 8),
  head('a tag has capitals', 'tags: [attack.T1059]', 'tag_invalid', 8, 'attack.t1059'),
  head('the namespace of a tag is misspelt', 'tags: [atack.t1059]', 'tag_invalid', 8, 'attack.t1059'),
  head('a tag is no CVE', 'tags: [cve.44228]', 'tag_invalid', 8, 'cve.2021-44228'),
  head('a tactic has an underscore', 'tags: [attack.lateral_movement]', 'tag_attack', 8, 'attack.lateral-movement'),
  head('a technique has a short number', 'tags: [attack.t105]', 'tag_attack', 8),
  head('a tag stands twice', 'tags: [attack.t1059, attack.t1059]', 'tag_duplicate', 22),
  head('related is a text', 'related: [x]', 'related_invalid', 11),
  head('the type of related is misspelt', 'related: [{id: x, type: similiar}]', 'related_invalid', 25, 'similar'),
]; // prettier-ignore

export const lintCases = [...conditions, ...items, ...metadata];

/** Rules of which nothing may be said. */
export const quietRules: readonly (readonly [string, string])[] = [
  ['a part of what is asked for is excluded', "a: {f|contains: cmd}\nb: {f|endswith: '\\cmd.exe'}\ncondition: a and not b"],
  ['another case is excluded', 'a: {f: x}\nb: {f|cased: x}\ncondition: a and not b'],
  ['one of two values is excluded', 'a: {f: [x, y]}\nb: {f: x}\ncondition: a and not b'],
  ['all of some values are excluded', 'a: {f|contains: x}\nb: {f|contains|all: [x, y]}\ncondition: a and not b'],
  ['the same value of another field is excluded', 'a: {f: x}\nb: {g: x}\ncondition: a and not b'],
  ['null and absence are one', 'a: {f: null}\nb: {f|exists: false}\ncondition: a and b'],
  ['absence is asked for beside another field', 'a: {f|exists: false, g: x}\ncondition: a'],
  ['one branch can hold', 'a: {f: x}\nb: {g: y}\ncondition: (a and not a) or b'],
  ['a range is not empty', 'a: {f|gte: 5}\nb: {f|lte: 5}\ncondition: a and b'],
  ['texts with wildcards differ', "a: {f: 'x*y'}\nb: {f: '*z*y'}\ncondition: a and b"],
  ['keywords differ', 'a: [x]\nb: [y]\ncondition: a and b'],
  ['a wildcard is escaped', String.raw`a: {f: 'x\*'}` + '\ncondition: a'],
  ['values are wild in different ways', "a: {f: ['x*', '*y', z]}\ncondition: a"],
  ['a version is no network', 'a: {FileVersion|startswith: 10.0.}\ncondition: a'],
  ['base64 of another case is another value', 'a: {f|base64offset|contains: [IEX, iex]}\ncondition: a'],
]; // prettier-ignore
