import type { CorrelationDocument, RuleDocument, SigmaDocument } from './document.ts';
import type { LinkProblems } from './link-problems.ts';
import { Suggestions } from './suggest.ts';

/** What an id or a name leads to. */
export type Lookup =
  | { readonly kind: 'found'; readonly document: RuleDocument | CorrelationDocument }
  | { readonly kind: 'refused' }
  | { readonly kind: 'ambiguous'; readonly documents: readonly SigmaDocument[] }
  | { readonly kind: 'unknown'; readonly suggestion: string | undefined };

/** Most names with which unknown references are compared. */
const comparisonsMax = 50_000;

/** Documents by id and by name; and the key of each, unique among all. */
export class Directory {
  readonly #byId = new Map<string, SigmaDocument>();
  readonly #byName = new Map<string, SigmaDocument[]>();
  readonly #keys = new Map<SigmaDocument, string>();
  readonly #suggestions = new Suggestions(comparisonsMax);
  #names: readonly string[] | undefined;

  constructor(documents: readonly SigmaDocument[], problems: LinkProblems) {
    const copies = new Map<string, number>();
    const titles = new Map<string, SigmaDocument>();
    for (const document of documents) {
      this.#addId(document, problems);
      warnOfTitle(document, titles, problems);
      if (document.name !== undefined && document.kind !== 'filter')
        this.#addName(document, document.name.text);
      if (document.kind !== 'rule' && document.kind !== 'correlation') continue;
      const own = document.kind === 'rule' ? document.rule.key : document.correlation.key;
      let key = own;
      // How often a key was given, so that thousands of copies do not each try all numbers before theirs.
      for (let copy = copies.get(own) ?? 1; copies.has(key); copy++) {
        key = `${own}#${copy + 1}`;
        copies.set(own, copy + 1);
      }
      copies.set(key, 1);
      this.#keys.set(document, key);
    }
  }

  keyOf(document: RuleDocument | CorrelationDocument): string {
    return this.#keys.get(document) ?? '';
  }

  /** What a reference means: an id, else a name. */
  find(reference: string): Lookup {
    const byId = this.#byId.get(reference.toLowerCase());
    const found = byId === undefined ? (this.#byName.get(reference) ?? []) : [byId];
    const running = found.filter(({ kind }) => kind !== 'refused');
    const [first] = running;
    if (running.length > 1) return { kind: 'ambiguous', documents: running };
    if (first?.kind === 'rule' || first?.kind === 'correlation') return { kind: 'found', document: first };
    if (first === undefined && found.length > 0) return { kind: 'refused' };
    return { kind: 'unknown', suggestion: this.#nearest(reference) };
  }

  /** The candidate that a misspelt word means; only so many are compared in all. */
  nearest(word: string, candidates: readonly string[]): string | undefined {
    return this.#suggestions.nearest(word, candidates);
  }

  #addId(document: SigmaDocument, problems: LinkProblems): void {
    const { id } = document;
    if (id === undefined) return;
    const first = this.#byId.get(id.text);
    // A document that cannot run does not take the place of one that can, nor a filter that of what can be meant.
    const free = first === undefined || first.kind === 'refused';
    const meant = document.kind === 'rule' || document.kind === 'correlation';
    if (free || (first.kind === 'filter' && meant)) this.#byId.set(id.text, document);
    if (!free && document.kind !== 'refused')
      problems.add(document, 'id_duplicate', id, { detail: `${first.file}:${first.id?.line ?? 1}` });
  }

  #addName(document: SigmaDocument, name: string): void {
    const others = this.#byName.get(name);
    if (others === undefined) this.#byName.set(name, [document]);
    else others.push(document);
  }

  #nearest(reference: string): string | undefined {
    this.#names ??= [...this.#byName.keys(), ...this.#byId.keys()];
    return this.#suggestions.nearest(reference, this.#names);
  }
}

/** Two documents under one title cannot be told apart where alerts are read. */
function warnOfTitle(
  document: SigmaDocument,
  titles: Map<string, SigmaDocument>,
  problems: LinkProblems,
): void {
  if (document.kind !== 'rule' && document.kind !== 'correlation') return;
  const { title, line } = document.kind === 'rule' ? document.rule : document.correlation;
  const first = titles.get(title);
  if (first === undefined) titles.set(title, document);
  // Two copies of one document have the same id too, which is said already.
  else if (document.id?.text !== first.id?.text || document.id === undefined)
    problems.add(document, 'title_duplicate', { line, column: 1 }, { detail: `${title}: ${first.file}` });
}
