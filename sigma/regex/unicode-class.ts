import { RE2JS } from 're2js';
import { codePoints, complement, type CodePoints } from './code-points.ts';

/**
 * What `[…]` with this body means, by the Unicode tables of RE2JS: for names of Unicode classes and for letters
 * outside ASCII whose case does not count. It is asked for the complement, which is never small enough to be turned
 * into something else than a class.
 *
 * @returns undefined where RE2JS does not take the class or has another form for it.
 */
export function unicodeClass(body: string, fold: boolean): CodePoints | undefined {
  const ranges = rangesOf(`${fold ? '(?i)' : ''}[^${body}]`);
  return ranges === undefined ? undefined : complement(codePoints(ranges));
}

function rangesOf(source: string): readonly number[] | undefined {
  let program: unknown;
  try {
    program = RE2JS.compile(source).re2().prog;
  } catch {
    return undefined;
  }
  if (!has(program, 'inst') || !Array.isArray(program.inst)) return undefined;
  const sets: (readonly number[])[] = [];
  for (const instruction of program.inst as readonly unknown[]) {
    if (!has(instruction, 'runes')) return undefined;
    const runes = numbersOf(instruction.runes);
    if (runes.length > 0) sets.push(runes);
  }
  const [only = []] = sets;
  return sets.length <= 1 && only.length % 2 === 0 ? only : undefined;
}

function has<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}

function numbersOf(value: unknown): readonly number[] {
  if (value instanceof Int32Array) return [...value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : [];
}
