/** What a scalar without quotes is in YAML 1.2 (core schema, §10.3.2), with the exception that `plainValue` names. */
type PlainScalar = string | number | boolean | null;

const words: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, null] => [word, null]),
  ...['true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
  ...['false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
]);

const wordCharsMax = 5;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * Reads a scalar without quotes. `00000429` is a text: YAML 1.1, which most rules are written for, reads it as one, and
 * as a number the zeros would be lost. Infinity and not-a-number are texts too: no event holds them.
 */
export function plainValue(text: string): PlainScalar {
  if (text.length <= wordCharsMax) {
    const word = words.get(text);
    if (word !== undefined) return word;
  }
  // Nearly every scalar of a rule ends here.
  if (!/^[-+.0-9]/.test(text) || /^[-+]?0[0-9]/.test(text)) return text;
  const value = numberOf(text);
  return Number.isFinite(value) ? value : text;
}

function numberOf(text: string): number {
  if (decimal.test(text)) return Number(text);
  return /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/.test(text) ? Number(text) : NaN;
}

/**
 * Reads a scalar with a tag: `!!int`, `!!float`, `!!bool` and `!!null` make of the text what they name, where it is
 * that; under every other tag it is a text.
 */
export function taggedValue(text: string, tag: string): PlainScalar {
  const value = plainValue(text);
  const name = tag.replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
  switch (name) {
    case '!!int':
    case '!!float':
      return typeof value === 'number' ? value : text;
    case '!!bool':
      return typeof value === 'boolean' ? value : text;
    case '!!null':
      return value === null ? value : text;
    default:
      return text;
  }
}
