import { RE2JS } from 're2js';
import type { LogSource, PlainValue } from '../language/rule.ts';
import type { Placeholders } from '../language/modifiers.ts';
import type { Pipeline } from './pipeline.ts';

export interface ApplyOptions {
  /** Texts of the files that `file_placeholders` names, by the path as written. */
  readonly files?: Readonly<Record<string, string>>;
  /** Values that were given to the parser: what they stand for is known already. */
  readonly placeholders?: Placeholders;
  /** Every logsource that events can have; a rule that ends with none of them is refused. Left out: all are taken. */
  readonly logsources?: readonly LogSource[];
}

/** What is the same for every rule: values of placeholders and compiled regular expressions. */
export class Shared {
  readonly vars: ReadonlyMap<string, readonly (string | number)[]>;
  readonly options: ApplyOptions;
  readonly #regexes = new Map<string, RE2JS>();

  constructor(pipelines: readonly Pipeline[], options: ApplyOptions) {
    // Of two pipelines that set the same variable, the one that is applied later wins.
    this.vars = new Map(pipelines.flatMap(({ vars }) => [...vars]));
    this.options = options;
  }

  regex(source: string): RE2JS {
    let regex = this.#regexes.get(source);
    if (regex === undefined) this.#regexes.set(source, (regex = RE2JS.compile(source)));
    return regex;
  }
}

/** What the transformations of one rule tell each other. */
export class Run {
  readonly shared: Shared;
  readonly state = new Map<string, PlainValue>();
  /** Field names of items that a mapping was applied to, and what became of them. */
  readonly mappedFields = new Set<string>();
  /** Of names outside items (fields, group-by, references): ids of the transformations that made them. */
  readonly #appliedToName = new Map<string, ReadonlySet<string>>();

  constructor(shared: Shared) {
    this.shared = shared;
  }

  appliedTo(name: string): ReadonlySet<string> {
    return this.#appliedToName.get(name) ?? new Set();
  }

  /** Notes that a transformation made other names of one. */
  renamed(from: string, to: readonly string[], id: string): void {
    if (to.length === 1 && to[0] === from) return;
    const ids = new Set([...this.appliedTo(from), id]);
    this.#appliedToName.delete(from);
    for (const name of to) this.#appliedToName.set(name, ids);
  }
}
