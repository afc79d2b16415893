/** What a text shows: its plain runs, and the characters that would hide or reorder something, named. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'hidden'; readonly character: string; readonly label: string; readonly cause: Cause };
type Cause = 'control' | 'bidi' | 'invisible' | 'broken';

const controlNames: Readonly<Record<number, string>> = {
  0: 'NUL',
  8: 'BS',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  27: 'ESC',
};

/**
 * Splits a hostile text so that nothing in it works unseen: control characters, direction overrides, zero-width and
 * other invisible characters, and halves of surrogate pairs come out as labelled parts.
 */
export function visibleParts(text: string): readonly Part[] {
  const parts: Part[] = [];
  let run = '';
  for (const character of text) {
    const cause = causeOf(character.codePointAt(0) ?? 0);
    if (cause === undefined) {
      run += character;
      continue;
    }
    if (run !== '') parts.push({ kind: 'text', text: run });
    run = '';
    parts.push({ kind: 'hidden', character, label: labelOf(character), cause });
  }
  if (run !== '') parts.push({ kind: 'text', text: run });
  return parts;
}

/** Why a code point must not be drawn as it is; undefined for the harmless ones. */
function causeOf(code: number): Cause | undefined {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return 'control';
  if (code < 0xad) return undefined;
  if (code === 0x61c || code === 0x200e || code === 0x200f) return 'bidi';
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) return 'bidi';
  if (code >= 0xd800 && code <= 0xdfff) return 'broken';
  return isInvisible(code) ? 'invisible' : undefined;
}

/** Soft hyphen, joiners and fillers, separators, variation selectors, tags: code points without a shape of their own. */
function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x115f ||
    code === 0x1160 ||
    (code >= 0x17b4 && code <= 0x17b5) ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200d) ||
    (code >= 0x2028 && code <= 0x2029) ||
    (code >= 0x2060 && code <= 0x2065) ||
    (code >= 0x206a && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

function labelOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return controlNames[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
