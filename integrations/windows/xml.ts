import { XMLParser } from 'fast-xml-parser';
import { readEventTree } from './event-tree.ts';
import { isTree, type Native } from './native.ts';

/** Characters of one event as XML. Windows itself ends at 64 kB of UTF-16, of which every character may be an entity. */
export const XML_CHARS_MAX = 256 * 1024;

/** Elements in elements; an event has five. */
const NESTING_MAX = 32;

/** What may stand before `<Event`: a declaration, or the `- ` of a copy out of a browser. */
const PREAMBLE_CHARS_MAX = 256;

const ENTITY_CHARS_MAX = 10;

/**
 * Entities are left alone by the parser and only the five of XML and character references are decoded here, so that
 * nothing a document declares can expand.
 */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  attributesGroupName: '#attributes',
  cdataPropName: '#cdata',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: NESTING_MAX,
  tagValueProcessor: (_name, value) => decodeEntities(value),
  attributeValueProcessor: (_name, value) => decodeEntities(value),
});

/** Native view of an event rendered as XML; undefined for anything else, and for documents with a DOCTYPE. */
export function readXmlEvent(message: string): Native | undefined {
  if (message.length > XML_CHARS_MAX) return undefined;
  const start = message.indexOf('<Event');
  if (start < 0 || start > PREAMBLE_CHARS_MAX || message.slice(0, start).includes('<!')) return undefined;
  // The parser would take half a document for a whole one.
  if (!message.trimEnd().endsWith('</Event>')) return undefined;
  let parsed: unknown;
  try {
    parsed = parser.parse(message.slice(start));
  } catch {
    return undefined;
  }
  const event = isTree(parsed) ? parsed['Event'] : undefined;
  return isTree(event) ? readEventTree(event) : undefined;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Decodes `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and character references; leaves anything else as it is. */
export function decodeEntities(text: string): string {
  let at = text.indexOf('&');
  if (at < 0) return text;
  let out = '';
  let from = 0;
  while (at >= 0) {
    const name = text.slice(at + 1, at + 1 + ENTITY_CHARS_MAX);
    const length = name.indexOf(';');
    const decoded = length > 0 ? decodeEntity(name.slice(0, length)) : undefined;
    if (decoded !== undefined) {
      out += text.slice(from, at) + decoded;
      from = at + length + 2;
    }
    at = text.indexOf('&', at + 1);
  }
  return out + text.slice(from);
}

function decodeEntity(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const hex = name.startsWith('#x') || name.startsWith('#X');
  const figures = name.slice(hex ? 2 : 1);
  if (!(hex ? /^[0-9a-fA-F]{1,6}$/ : /^[0-9]{1,7}$/).test(figures)) return undefined;
  const code = Number.parseInt(figures, hex ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
