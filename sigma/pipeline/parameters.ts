import { RE2JS } from 're2js';
import type { Problems } from '../language/problems.ts';
import type { PlainValue } from '../language/rule.ts';
import { clip, entryOf, plainOf, type SourceMap, type SourceNode } from '../language/source.ts';
import { nearest } from '../language/suggest.ts';
import { regexCharsMax } from '../regex/compile.ts';

/**
 * Reads the parameters of one transformation or condition. What is missing or of the wrong type becomes a problem with
 * its place, and something harmless is returned, so that everything wrong is found at once.
 */
export class Parameters {
  readonly node: SourceMap;
  readonly problems: Problems;
  readonly #known = new Set<string>();

  constructor(node: SourceMap, problems: Problems) {
    this.node = node;
    this.problems = problems;
  }

  /** Anything under a key; undefined where the key is absent. */
  any(key: string): SourceNode | undefined {
    this.#known.add(key);
    return entryOf(this.node, key)?.value;
  }

  required(key: string): SourceNode | undefined {
    const node = this.any(key);
    if (node === undefined)
      this.problems.add('pipeline_parameter', this.node.offset, { detail: `no ${key}` });
    return node;
  }

  refuse(node: SourceNode, detail: string): void {
    this.problems.add('pipeline_parameter', node.offset, { detail: clip(detail) });
  }

  text(key: string): string {
    return this.#textOf(key, this.required(key)) ?? '';
  }

  optionalText(key: string): string | undefined {
    return this.#textOf(key, this.any(key));
  }

  #textOf(key: string, node: SourceNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && node.value !== null) return node.text;
    this.refuse(node, `${key}: a text`);
    return undefined;
  }

  /** One text or a list of them. */
  texts(key: string): readonly string[] {
    return this.#textsOf(key, this.required(key)) ?? [];
  }

  optionalTexts(key: string): readonly string[] | undefined {
    return this.#textsOf(key, this.any(key));
  }

  #textsOf(key: string, node: SourceNode | undefined): readonly string[] | undefined {
    if (node === undefined) return undefined;
    const texts = textsOf(node);
    if (texts === undefined) this.refuse(node, `${key}: a text or a list of texts`);
    return texts;
  }

  flag(key: string, otherwise = false): boolean {
    const node = this.any(key);
    if (node === undefined) return otherwise;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.refuse(node, `${key}: true or false`);
    return otherwise;
  }

  choice<Word extends string>(key: string, words: readonly Word[], otherwise?: Word): Word {
    const node = otherwise === undefined ? this.required(key) : this.any(key);
    const [first] = words;
    const neutral = otherwise ?? first;
    if (neutral === undefined) throw new TypeError('a choice of nothing');
    if (node === undefined) return neutral;
    const text = node.kind === 'scalar' ? node.text : '';
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) this.refuse(node, `${key}: ${words.join(', ')}`);
    return word ?? neutral;
  }

  /** A text, number or truth value. */
  scalar(key: string): string | number | boolean {
    const node = this.required(key);
    if (node?.kind === 'scalar' && node.value !== null) return node.value;
    if (node !== undefined) this.refuse(node, `${key}: a text, a number, true or false`);
    return '';
  }

  plain(key: string): PlainValue {
    const node = this.required(key);
    return node === undefined ? null : plainOf(node);
  }

  map(key: string): SourceMap | undefined {
    const node = this.required(key);
    if (node === undefined || node.kind === 'map') return node;
    this.refuse(node, `${key}: a map`);
    return undefined;
  }

  /** A regular expression in RE2 syntax; empty where it cannot be compiled. */
  regex(key: string): string {
    const node = this.required(key);
    return node === undefined ? '' : this.regexOf(key, node);
  }

  optionalRegex(key: string): string | undefined {
    const node = this.any(key);
    return node === undefined ? undefined : this.regexOf(key, node);
  }

  regexOf(key: string, node: SourceNode): string {
    const source = node.kind === 'scalar' ? node.text : '';
    if (node.kind !== 'scalar' || source.length > regexCharsMax) {
      this.refuse(node, `${key}: a regular expression of at most ${regexCharsMax} characters`);
      return '';
    }
    try {
      RE2JS.compile(source);
      return source;
    } catch (error) {
      this.problems.add('regex_invalid', node.offset, {
        detail: clip(error instanceof Error ? error.message : source),
      });
      return '';
    }
  }

  /** Refuses every key that nothing has asked for. */
  finish(): void {
    for (const { key, offset } of this.node.entries)
      if (!this.#known.has(key))
        this.problems.add('pipeline_key', offset, {
          detail: clip(key),
          suggestion: nearest(key, [...this.#known]),
        });
  }
}

/** The texts of a text or of a list of texts; undefined for anything else. */
export function textsOf(node: SourceNode): readonly string[] | undefined {
  const items = node.kind === 'list' ? node.items : [node];
  const texts = items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.text] : []));
  return texts.length === items.length ? texts : undefined;
}
