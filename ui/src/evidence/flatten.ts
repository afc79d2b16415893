export interface Field {
  readonly name: string;
  readonly value: string;
}

const FIELDS_MAX = 2000;
const DEPTH_MAX = 32;

/** A nested document as dotted names with their values as text, in the document's order; lists become one field. */
export function flatten(document: unknown): readonly Field[] {
  const fields: Field[] = [];
  visit(document, '', 0, fields);
  return fields;
}

function visit(value: unknown, name: string, depth: number, fields: Field[]): void {
  if (fields.length >= FIELDS_MAX) return;
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth < DEPTH_MAX) {
    for (const [key, child] of Object.entries(value))
      visit(child, name === '' ? key : `${name}.${key}`, depth + 1, fields);
    return;
  }
  fields.push({ name, value: textOf(value) });
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null))
    return value.map(textOf).join(', ');
  return JSON.stringify(value) ?? '';
}
