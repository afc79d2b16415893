import { FIELDS_MAX, isTree, scalarText, setData, setSystem, type Native, type Tree } from './native.ts';

/** How deep data below an event's `UserData` is followed. */
const DEPTH_MAX = 4;

/**
 * Native view of an event in the shape of its XML: `System`, then `EventData` or `UserData`, attributes under
 * `#attributes` or `<element>_attributes`. Undefined where it has no System part with an EventID.
 */
export function readEventTree(event: Tree): Native | undefined {
  const system = event['System'];
  if (!isTree(system)) return undefined;
  const native: Native = {};
  readSystem(native, system);
  if (typeof native['EventID'] !== 'number') return undefined;
  const rendering = event['RenderingInfo'];
  if (isTree(rendering)) setSystem(native, 'Message', textOf(rendering['Message']));
  readEventData(native, event['EventData']);
  const user = event['UserData'];
  if (isTree(user)) readUserData(native, user, { depth: 0, left: FIELDS_MAX });
  return native;
}

function readSystem(native: Native, system: Tree): void {
  for (const name in system) {
    const value = system[name];
    if (name === '#text' || name === '#attributes') continue;
    if (name.endsWith('_attributes')) {
      readAttributes(native, name.slice(0, -'_attributes'.length), value);
    } else if (isTree(value)) {
      readAttributes(native, name, value['#attributes']);
      setSystem(native, name, textOf(value));
    } else {
      setSystem(native, name, value);
    }
  }
}

function readAttributes(native: Native, name: string, attributes: unknown): void {
  if (!isTree(attributes)) return;
  for (const attribute in attributes) setSystem(native, `${name}_${attribute}`, attributes[attribute]);
}

function readEventData(native: Native, data: unknown): void {
  if (!isTree(data)) {
    const text = scalarText(data);
    if (text !== undefined && text.trim() !== '') setData(native, 'Data', text);
    return;
  }
  let fields = 0;
  for (const name in data) {
    const value = data[name];
    if (name === 'Data') readDataElements(native, value);
    else if (!name.startsWith('#') && !name.endsWith('_attributes')) setData(native, name, valueOf(value));
    fields += 1;
    if (fields >= FIELDS_MAX) return;
  }
}

/** `<Data>` elements: the named ones each under their name, the unnamed ones as lines of one `Data`. */
function readDataElements(native: Native, value: unknown): void {
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  const unnamed: string[] = [];
  for (const element of elements.slice(0, FIELDS_MAX)) {
    const attributes = isTree(element) ? element['#attributes'] : undefined;
    const name = isTree(attributes) ? scalarText(attributes['Name']) : undefined;
    if (name !== undefined) {
      setData(native, name, valueOf(element) ?? '');
      continue;
    }
    const texts: unknown = isTree(element) ? valueOf(element) : element;
    for (const text of Array.isArray(texts) ? (texts as unknown[]) : [texts]) {
      const scalar = scalarText(text);
      if (scalar !== undefined) unnamed.push(scalar);
    }
  }
  if (unnamed.length > 0) setData(native, 'Data', unnamed.join('\n'));
}

interface Budget {
  depth: number;
  /** Elements that may still be read. */
  left: number;
}

/** Fields of `UserData` lie below one element of the provider's own; they are taken wherever the text is. */
function readUserData(native: Native, node: Tree, budget: Budget): void {
  for (const rawName in node) {
    if (rawName.startsWith('#') || rawName === 'xmlns' || rawName.endsWith('_attributes')) continue;
    const name = rawName.slice(rawName.indexOf(':') + 1);
    const value = node[rawName];
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (budget.left <= 0) return;
      budget.left -= 1;
      const plain = isTree(item) && hasElements(item) ? undefined : valueOf(item);
      if (plain !== undefined) setData(native, name, plain);
      else if (isTree(item) && budget.depth < DEPTH_MAX) {
        budget.depth += 1;
        readUserData(native, item, budget);
        budget.depth -= 1;
      }
    }
  }
}

function hasElements(node: Tree): boolean {
  for (const name in node) if (!name.startsWith('#')) return true;
  return false;
}

/** The value of an element: itself, or its text; undefined for one that is empty or has only attributes. */
function valueOf(value: unknown): unknown {
  if (!isTree(value)) return value ?? undefined;
  const text = value['#text'];
  const literal = value['#cdata'];
  if (literal === undefined) return text;
  return `${scalarText(text) ?? ''}${scalarText(literal) ?? ''}`;
}

function textOf(value: unknown): string | undefined {
  return scalarText(valueOf(value));
}
