import type { Place, SigmaDocument } from './document.ts';
import { hasError, keep, problemOf, type Problem, type ProblemCode, type ProblemDetail } from './problems.ts';
import { clip } from './source.ts';

/** Collects what is wrong with documents together, beside what each brings itself. */
export class LinkProblems {
  readonly #documents: readonly SigmaDocument[];
  readonly #found = new Map<SigmaDocument, Problem[]>();

  constructor(documents: readonly SigmaDocument[]) {
    this.#documents = documents;
  }

  add(document: SigmaDocument, code: ProblemCode, place: Place, detail: ProblemDetail = {}): void {
    const found = this.#found.get(document) ?? [];
    this.#found.set(document, found);
    const label = labelOf(document);
    keep(found, {
      ...problemOf(
        code,
        { file: document.file, line: place.line, column: place.column },
        { ...detail, ...(detail.detail === undefined ? {} : { detail: clip(detail.detail) }) },
      ),
      ...(label === undefined ? {} : { rule: label }),
    });
  }

  /** Whether an error was found. */
  refuses(document: SigmaDocument): boolean {
    return hasError(this.#found.get(document) ?? []);
  }

  all(): readonly Problem[] {
    return this.#documents.flatMap((document) => [
      ...document.problems,
      ...(this.#found.get(document) ?? []),
    ]);
  }
}

/** What to call a document in a message: as its own problems do. */
function labelOf(document: SigmaDocument): string | undefined {
  if (document.id !== undefined) return clip(document.id.text);
  switch (document.kind) {
    case 'rule':
      return clip(document.rule.title);
    case 'correlation':
      return clip(document.correlation.title);
    case 'filter':
      return clip(document.filter.title);
    case 'refused':
      return undefined;
  }
}
