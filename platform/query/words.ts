/** What a bare word runs to: white space, brackets, quotes. */
export const BARE_WORD = /[^\s()"]+/uy;
/** A field name and its colon. */
const FIELD = /([\p{L}_@][\p{L}\p{N}_.@-]*):/uy;

const KEYWORDS = ['and', 'or', 'not'] as const;
export type Keyword = (typeof KEYWORDS)[number];

export function toKeyword(word: string): Keyword | undefined {
  const lower = word.toLowerCase();
  return KEYWORDS.find((keyword) => keyword === lower);
}

/** The match of a sticky expression at `position`. */
export function matchAt(expression: RegExp, text: string, position: number): RegExpExecArray | undefined {
  expression.lastIndex = position;
  return expression.exec(text) ?? undefined;
}

/**
 * Name of the field that a term at `position` begins with. Addresses, drives and names with `::` (`http://host`, `C:\x`,
 * `fe80::1`) are text although they have a colon.
 */
export function fieldNameAt(text: string, position: number): string | undefined {
  const name = matchAt(FIELD, text, position)?.[1];
  if (name === undefined) return undefined;
  const after = position + name.length + 1;
  if (text.startsWith('//', after) || text.startsWith(':', after)) return undefined;
  const isDrive = name.length === 1 && (text.startsWith('\\', after) || text.startsWith('/', after));
  return isDrive ? undefined : name;
}
