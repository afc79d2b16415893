import { hasCodePoint, type CodePoints } from './code-points.ts';
import { chanceOf, necessary, type Notation, type Texts } from './necessary.ts';
import { assertions, assertionsIn, type Node } from './syntax.ts';

/** A filter that is met more often, for each character of a value, is not worth asking. */
const costMax = 0.01;

/**
 * Sequences of sets of characters as V8's syntax has them. Without repeats and with few alternatives, V8 tries at each
 * place no more characters than the sequences have together: linear in the text, whatever it holds. Only sets of whole
 * UTF-16 units are written, since V8 looks at units here.
 */
const sequences: Notation = {
  set: (set) => {
    const written = unitClass(set);
    return written === undefined ? undefined : new Map([[written, chanceOfSet(set)]]);
  },
  assertion: (assertion) =>
    assertion === assertions.beginText ? '^' : assertion === assertions.endText ? '$' : '',
  textsMax: 8,
  charsMax: 160,
  costOfOne: 1e-5,
};

export interface Filter {
  /** Where it finds nothing, the expression matches nothing. */
  readonly regex: RegExp;
  /** … and where it finds something, the expression matches. */
  readonly decides: boolean;
}

/** What V8 can look for faster than an automaton steps, undefined where that would not sort out much. */
export function filterOf(node: Node): Filter | undefined {
  const { sets, exact } = necessary(node, sequences);
  if (exact !== undefined && exact.size > 0 && !exact.has('') && writesAllAssertions(node))
    return { regex: anyOf(exact), decides: true };
  const [best] = sets;
  return best === undefined || best.cost > costMax ? undefined : { regex: anyOf(best.texts), decides: false };
}

function anyOf(texts: Texts): RegExp {
  return new RegExp([...texts.keys()].join('|'));
}

/** Line and word assertions are left out of sequences: what is found then is not yet a match. */
function writesAllAssertions(node: Node): boolean {
  const { beginText, endText } = assertions;
  return (assertionsIn(node) & ~(beginText | endText)) === 0;
}

function unitClass(set: CodePoints): string | undefined {
  const last = set.at(-1);
  if (last === undefined || last > 0xffff || set.length > 16) return undefined;
  let written = '';
  for (let i = 0; i < set.length; i += 2) {
    const [from, to] = [set[i] ?? 0, set[i + 1] ?? 0];
    if (from <= 0xdfff && to >= 0xd800) return undefined;
    written += from === to ? unit(from) : `${unit(from)}-${unit(to)}`;
  }
  return set.length === 2 && set[0] === last ? written : `[${written}]`;
}

function unit(code: number): string {
  const char = String.fromCharCode(code);
  return /[a-zA-Z0-9]/.test(char) ? char : `\\u${code.toString(16).padStart(4, '0')}`;
}

function chanceOfSet(set: CodePoints): number {
  let chance = 0;
  for (let code = 0; code < 0x80; code++) if (hasCodePoint(set, code)) chance += chanceOf(code);
  return Math.min(1, chance + 1e-4);
}
