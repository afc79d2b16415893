import { CanhError } from '../errors/index.ts';
import { timeOfId } from '../ids.ts';
import { documentText, DEPTH_MAX, type DocumentText } from '../query/document.ts';
import { collections, SIZE_MAX, type Collection, type NewDocument, type Tenant } from './port.ts';

export const ID_CHARS_MAX = 512;
/** Characters of a document as JSON: the longest line that a collector takes fits in, with every character escaped once. */
export const BODY_CHARS_MAX = 40 * 1024 * 1024;
/** Of one that is kept for its state alone: a manifest may hold several such lines that are not complete yet. */
const STATE_CHARS_MAX = 256 * 1024 * 1024;
/** The furthest times that a `Date` holds. */
const TIME_MS_MAX = 8.64e15;
const FIELD_CHARS_MAX = 512;

/** A document as it is written. */
export interface PreparedDocument {
  readonly json: string;
  readonly text: DocumentText;
}

/** What to write for a document, or the reason why it cannot be taken. Never throws for bad content. */
export function prepareDocument(
  collection: Collection,
  tenant: Tenant,
  document: NewDocument,
): PreparedDocument | string {
  const { id, agency, time, body } = document;
  if (id === '' || id.length > ID_CHARS_MAX) return `The id must have 1 to ${ID_CHARS_MAX} characters.`;
  if (tenant.kind === 'agency' && agency !== tenant.agency) return 'The document belongs to another agency.';
  if (!Number.isInteger(time) || Math.abs(time) > TIME_MS_MAX) return 'The time is no time in milliseconds.';
  if (collections[collection].period !== 'none' && timeOfId(id) === undefined) {
    return 'The id holds no time of acceptance.';
  }
  const text = documentText(body);
  if (text.depth > DEPTH_MAX) return `The document is nested more than ${DEPTH_MAX} levels deep.`;
  const json = toJson(body);
  if (json === undefined) return 'The document is not JSON.';
  const charsMax = collections[collection].searchable ? BODY_CHARS_MAX : STATE_CHARS_MAX;
  if (json.length > charsMax) return `The document has more than ${charsMax} characters.`;
  return { json, text };
}

function toJson(body: unknown): string | undefined {
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

/** Throws `request_invalid` unless `size` is a page's. */
export function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 1 || size > SIZE_MAX) {
    throw new CanhError('request_invalid', `The size must be from 1 to ${SIZE_MAX}.`);
  }
}

/** Throws `index_unknown_field` for a name that cannot be sorted or aggregated by. */
export function checkField(field: string): void {
  if (field === '' || field.length > FIELD_CHARS_MAX) throw new CanhError('index_unknown_field');
}
