import { codePointMax } from './code-points.ts';
import { literalSet, NotTaken, readClass, readEscape, readEscapedClass, type Cursor } from './parse-class.ts';
import { assertions, type Assertion, type Node } from './syntax.ts';

/** Deeper nested groups are left to RE2JS, so that no recursion here runs out of stack. */
const depthMax = 200;
/** RE2's own limits: of one count, and of counts inside counts multiplied. */
const repeatMax = 1000;

const notNewline = [0, 9, 11, codePointMax];
const anything = [0, codePointMax];

/** `i`, `m` and `s`, as they stand where the cursor is. */
interface Flags {
  readonly fold: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/**
 * Reads a regular expression of RE2's syntax.
 *
 * @param flags - any of `i`, `m`, `s`.
 * @returns undefined where the text is faulty or not certain to mean here what it means to RE2JS.
 */
export function parseRegex(source: string, flags: string): Node | undefined {
  try {
    const reader = new Reader(source, {
      fold: flags.includes('i'),
      multiline: flags.includes('m'),
      dotAll: flags.includes('s'),
    });
    return reader.read();
  } catch (error) {
    if (error instanceof NotTaken) return undefined;
    throw error;
  }
}

class Reader {
  private readonly cursor: Cursor;
  private readonly source: string;
  private readonly names = new Set<string>();
  private flags: Flags;
  private depth = 0;

  constructor(source: string, flags: Flags) {
    this.cursor = { source, at: 0 };
    this.source = source;
    this.flags = flags;
  }

  read(): Node {
    const node = this.alternatives();
    if (this.cursor.at < this.source.length) throw new NotTaken('unexpected )');
    if (repeatsOf(node) > repeatMax) throw new NotTaken('too many repeats');
    return node;
  }

  private alternatives(): Node {
    const children = [this.sequence()];
    while (this.taken('|')) children.push(this.sequence());
    const [only] = children;
    return children.length === 1 && only !== undefined ? only : { kind: 'alternate', children };
  }

  private sequence(): Node {
    const children: Node[] = [];
    let repeatable = true;
    for (;;) {
      const next = this.source[this.cursor.at];
      if (next === undefined || next === '|' || next === ')') break;
      const bounds = this.repeat();
      if (bounds === undefined) {
        children.push(...this.item());
        repeatable = true;
        continue;
      }
      const child = children.pop();
      if (child === undefined || !repeatable) throw new NotTaken('nothing to repeat');
      children.push({ kind: 'repeat', child, min: bounds[0], max: bounds[1] });
      repeatable = false;
    }
    const [only] = children;
    if (only === undefined) return { kind: 'empty' };
    return children.length === 1 ? only : { kind: 'concat', children };
  }

  /** Reads `*`, `+`, `?` or `{n,m}` with a `?` behind; undefined where none stands. */
  private repeat(): readonly [number, number] | undefined {
    const { cursor } = this;
    const simple = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] } as const;
    const sign = this.source[cursor.at];
    let bounds: readonly [number, number] | undefined;
    if (sign === '*' || sign === '+' || sign === '?') {
      bounds = simple[sign];
      cursor.at++;
    } else if (sign !== '{') return undefined;
    else {
      const counts = /^\{(\d{1,12})(,?)(\d{0,12})/.exec(this.source.slice(cursor.at, cursor.at + 32));
      if (counts === null) return undefined;
      const [whole, low = '', comma, high = ''] = counts;
      if (low.length > 8 || high.length > 8) throw new NotTaken('repeat count');
      if (this.source[cursor.at + whole.length] !== '}' || /^0./.test(low) || /^0./.test(high))
        return undefined;
      const min = Number(low);
      bounds = [min, comma === '' ? min : high === '' ? Infinity : Number(high)];
      if (min > repeatMax || (bounds[1] > repeatMax && bounds[1] !== Infinity) || min > bounds[1])
        throw new NotTaken('repeat count');
      cursor.at++;
      cursor.at += whole.length;
    }
    if (this.source[cursor.at] === '?') cursor.at++;
    return bounds;
  }

  /** Reads what a repeat would apply to as its last; none or several where the text stands for so many. */
  private item(): readonly Node[] {
    const { cursor, flags } = this;
    const sign = this.source[cursor.at];
    if (sign === '(') return this.group();
    if (sign === '[') return [{ kind: 'set', set: readClass(cursor, flags.fold) }];
    if (sign === '\\') return this.escape();
    const code = this.source.codePointAt(cursor.at) ?? 0;
    cursor.at += code > 0xffff ? 2 : 1;
    if (sign === '^') return [assertion(flags.multiline ? 'beginLine' : 'beginText')];
    if (sign === '$') return [assertion(flags.multiline ? 'endLine' : 'endText')];
    if (sign === '.') return [{ kind: 'set', set: flags.dotAll ? anything : notNewline }];
    return [{ kind: 'set', set: literalSet(code, flags.fold) }];
  }

  private escape(): readonly Node[] {
    const { cursor, flags, source } = this;
    const name = { A: 'beginText', z: 'endText', b: 'wordBoundary', B: 'noWordBoundary' } as const;
    const letter = source[cursor.at + 1];
    if (letter === 'A' || letter === 'z' || letter === 'b' || letter === 'B') {
      cursor.at += 2;
      return [assertion(name[letter])];
    }
    if (letter === 'Q') {
      const end = source.indexOf('\\E', cursor.at + 2);
      const quoted = source.slice(cursor.at + 2, end < 0 ? undefined : end);
      cursor.at = end < 0 ? source.length : end + 2;
      return Array.from(quoted, (char) => ({
        kind: 'set',
        set: literalSet(char.codePointAt(0) ?? 0, flags.fold),
      }));
    }
    const set = readEscapedClass(cursor, flags.fold);
    return [{ kind: 'set', set: set ?? literalSet(readEscape(cursor), flags.fold) }];
  }

  private group(): readonly Node[] {
    const { cursor, flags } = this;
    const rest = this.source.slice(cursor.at, cursor.at + 80);
    const [head, on, off, end] = /^\(\?([imsU]{0,16})(?:-([imsU]{1,16}))?([:)])/.exec(rest) ?? [];
    const [named, name] = /^\(\?P?<(\w{1,64})>/.exec(rest) ?? [];
    if (head !== undefined) {
      cursor.at += head.length;
      this.flags = withFlags(withFlags(flags, on ?? '', true), off ?? '', false);
      if (end === ')') return [];
    } else if (named !== undefined && name !== undefined) {
      if (this.names.has(name)) throw new NotTaken('name given twice');
      this.names.add(name);
      cursor.at += named.length;
    } else {
      if (rest.startsWith('(?')) throw new NotTaken('kind of group');
      cursor.at++;
    }
    if (++this.depth > depthMax) throw new NotTaken('nested too deeply');
    const node = this.alternatives();
    if (!this.taken(')')) throw new NotTaken('missing )');
    this.depth--;
    this.flags = flags;
    return [node];
  }

  private taken(sign: string): boolean {
    if (this.source[this.cursor.at] !== sign) return false;
    this.cursor.at++;
    return true;
  }
}

function withFlags(flags: Flags, letters: string, value: boolean): Flags {
  return {
    fold: letters.includes('i') ? value : flags.fold,
    multiline: letters.includes('m') ? value : flags.multiline,
    dotAll: letters.includes('s') ? value : flags.dotAll,
  };
}

function assertion(name: keyof typeof assertions): Node {
  const value: Assertion = assertions[name];
  return { kind: 'assertion', assertion: value };
}

/** Counts inside counts, multiplied. */
function repeatsOf(node: Node): number {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assertion':
      return 1;
    case 'concat':
    case 'alternate':
      return node.children.reduce((most, child) => Math.max(most, repeatsOf(child)), 1);
    case 'repeat':
      return repeatsOf(node.child) * Math.max(node.max === Infinity ? node.min : node.max, 1);
  }
}
