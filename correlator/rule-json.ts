import type { SigmaDocument } from '../sigma/index.ts';

/** Documents as JSON. All of their data is JSON but for the search identifiers, a map, which become a list of pairs. */
export function documentsToJson(documents: readonly SigmaDocument[]): string {
  return JSON.stringify(documents.map(toJson));
}

/** Back from `documentsToJson`; throws on anything else than JSON. */
export function documentsFromJson(json: string): readonly SigmaDocument[] {
  return (JSON.parse(json) as readonly Stored[]).map(fromJson);
}

type Stored = { readonly kind: string } & Record<string, unknown>;

function toJson(document: SigmaDocument): unknown {
  switch (document.kind) {
    case 'rule':
      return { ...document, rule: withPairs(document.rule) };
    case 'filter':
      return { ...document, filter: withPairs(document.filter) };
    case 'correlation':
    case 'refused':
      return document;
  }
}

interface Detecting {
  readonly detection: { readonly searches: ReadonlyMap<string, unknown> };
}

function withPairs(holder: Detecting): unknown {
  return { ...holder, detection: { ...holder.detection, searches: [...holder.detection.searches] } };
}

/** Restores in place: `JSON.parse` made the value a moment ago, and there are thousands. */
function fromJson(stored: Stored): SigmaDocument {
  const holder = stored[stored.kind] as { readonly detection?: { searches: unknown } } | undefined;
  if (holder?.detection !== undefined)
    holder.detection.searches = new Map(holder.detection.searches as readonly (readonly [string, unknown])[]);
  return stored as unknown as SigmaDocument;
}
