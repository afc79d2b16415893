import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { documentsMax, plainOf, readDocuments, type SourceNode } from '../../sigma/language/source.ts';
import { testData } from './rule-text.ts';

/** The values of the documents that can be read; undefined where one cannot. */
function read(text: string): readonly unknown[] | undefined {
  const documents = readDocuments(text, 'x');
  if (documents.some(({ problems }) => problems.refused)) return undefined;
  return documents.flatMap(({ root }) => (root === undefined ? [] : [plainOf(root)]));
}

/** The same by another YAML library, with the exception that digits with leading zeros are a text. */
function readElsewhere(text: string): readonly unknown[] | undefined {
  const options = { version: '1.2', merge: false, logLevel: 'silent', prettyErrors: false } as const;
  const documents = parseAllDocuments(text, options);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return documents
      .map((document) => {
        const zeros = /(?<![\w.+-])[-+]?0\d/;
        return zeros.test(text) ? undefined : (document.toJS() as unknown);
      })
      .filter((value) => value !== null && value !== '');
  } catch {
    return undefined;
  }
}

/** Every scalar with the place at which it is said to stand. */
function scalars(node: SourceNode | undefined): readonly (readonly [string, number, boolean])[] {
  switch (node?.kind) {
    case undefined:
      return [];
    case 'scalar':
      return [[node.text, node.offset, node.verbatim]];
    case 'list':
      return node.items.flatMap(scalars);
    case 'map':
      return node.entries.flatMap(({ key, offset, value }) => [
        [key, offset, true] as const,
        ...scalars(value),
      ]);
  }
}

const values: readonly (readonly [string, unknown])[] = [
  ['null', null], ['~', null], ['Null', null], ['NULL', null], ['nULL', 'nULL'], ['', null],
  ['true', true], ['True', true], ['FALSE', false], ['tRue', 'tRue'], ['yes', 'yes'], ['on', 'on'],
  ['0', 0], ['-12', -12], ['+7', 7], ['4688', 4688], ['0x1F', 31], ['0o17', 15], ['0b1', '0b1'],
  ['00000429', '00000429'], ['-01', '-01'], ['1_000', '1_000'], ['1.5', 1.5], ['.5', 0.5], ['5.', 5],
  ['-1.5e3', -1500], ['1e400', '1e400'], ['.inf', '.inf'], ['.nan', '.nan'], ['1.2.3.4', '1.2.3.4'],
  ['"1"', '1'], ["'null'", 'null'], ['2026-01-02', '2026-01-02'], ['10:30', '10:30'],
  ['!!str 1', '1'], ['!!int "1"', 1], ['!!int x', 'x'], ['!!bool "true"', true], ['!!null ""', null], ['! 1', '1'],
  ['!<tag:yaml.org,2002:int> "7"', 7], ['!own 1', '1'],
  ['|\n  a\n  b\n', 'a\nb\n'], ['>-\n  a\n  b\n', 'a b'], ['"\\u00e9\\n"', 'é\n'], ["'it''s'", "it's"],
]; // prettier-ignore

describe('readDocuments', () => {
  for (const [text, value] of values)
    it(`reads ${JSON.stringify(text)} as ${JSON.stringify(value)}`, () => {
      expect(read(`a: ${text}`)).to.deep.equal([{ a: value }]);
    });

  const places: readonly (readonly [string, string, string])[] = [
    ['a plain text', 'k: value', 'value'],
    ['a quoted text', 'k: "value"', 'value'],
    ['the only line of a block', 'k: |\n    value', 'value'],
    ['an item', 'k:\n  - value', 'value'],
    ['a text with tag and anchor', 'k: &a !!str value', 'value'],
    ['a text behind letters of two units', 'k: [😀, value]', 'value'],
  ];
  for (const [what, text, value] of places)
    it(`knows where ${what} stands`, () => {
      const found = scalars(readDocuments(text, 'x')[0]?.root).find(([one]) => one.trim() === value);
      expect(found?.slice(1)).to.deep.equal([text.indexOf(value), true]);
    });

  it('counts no byte order mark among the columns', () => {
    const [document] = readDocuments('\ufeffa: 1\nb: 2', 'x');
    const columns = scalars(document?.root)
      .filter(([text]) => text === '1' || text === '2')
      .map(([, offset]) => document?.problems.placeOf(offset));
    expect(columns).to.eql([
      { line: 1, column: 4 },
      { line: 2, column: 4 },
    ]);
  });

  it('says of a text that is not written as it reads only where it begins', () => {
    const text = 'a: "x\\ty"\nb: >\n  one\n  two\nc: one\n  two';
    expect(scalars(readDocuments(text, 'x')[0]?.root).filter(([, , verbatim]) => !verbatim)).to.deep.equal([
      ['x\ty', 3, false],
      ['one two\n', 17, false],
      ['one two', 30, false],
    ]);
  });

  it('a broken document takes no other with it', () => {
    const text = 'a: 1\n---\nb: "x\n---\n%: [\n---\nc: 3\n';
    const documents = readDocuments(text, 'x');
    expect(documents.map(({ root }) => root && plainOf(root))).to.deep.equal([
      { a: 1 },
      undefined,
      undefined,
      { c: 3 },
    ]);
    expect(
      documents.flatMap(({ problems }) => problems.of(undefined)).map(({ code, line }) => [code, line]),
    ).to.eql([
      ['yaml_syntax', 4],
      ['yaml_syntax', 5],
    ]);
  });

  it('directives stay with their document where another is broken', () => {
    const text = '%TAG ! tag:x,2026:\n---\na: !t 1\n---\nb: [\n';
    expect(readDocuments(text, 'x').map(({ root }) => root && plainOf(root))).to.deep.equal([
      { a: '1' },
      undefined,
    ]);
  });

  it('an alias is what its anchor was at that place', () => {
    expect(read('a: &v 1\nb: *v\nc: &v {d: 2}\ne: *v')).to.deep.equal([
      { a: 1, b: 1, c: { d: 2 }, e: { d: 2 } },
    ]);
    expect(read('a: *none')).to.equal(undefined);
  });

  it('takes so many documents of a text and no more', () => {
    const codes = (count: number): readonly string[] =>
      readDocuments('---\na: 1\n'.repeat(count), 'x').flatMap(({ problems }) =>
        problems.of(undefined).map(({ code }) => code),
      );
    expect(codes(documentsMax)).to.deep.equal([]);
    expect(codes(documentsMax + 1)).to.deep.equal(['source_too_large']);
  });

  it('keeps __proto__ as a key like any other', () => {
    const [document] = read('__proto__: {x: 1}') ?? [];
    expect(JSON.stringify(document)).to.equal('{"__proto__":{"x":1}}');
    expect(document).to.not.have.property('x');
  });

  it('reads any text as another YAML library does, where both take it', () => {
    const parts = ['a', 'b: ', 'c: ', ': ', '\n', '\n', '  ', '- ', '[', ']', '{', '}', '"', "'", '|\n  x', '>-\n  y\n', '&a ', '*a', '---\n', '#c', '!!str ', '? ', ', ', '1', '0x1f', 'null', 'true', '~', 'é', '\\n']; // prettier-ignore
    const text = fc.array(fc.constantFrom(...parts), { maxLength: 16 }).map((all) => all.join(''));
    let both = 0;
    fc.assert(
      fc.property(text, (yaml) => {
        const [ours, others] = [read(yaml), readElsewhere(yaml)];
        // Keys that are no texts, and an end of a document that is not at the beginning of a line, differ.
        if (/[^\n]---/.test(yaml)) return;
        if (ours === undefined || others === undefined || ours.length !== others.length) return;
        if (/\?|(?:^|[\n{,-])\s*(?:[~:&*!]|null|true|0x|1)/.test(yaml)) return;
        both += 1;
        expect(ours).to.deep.equal(others);
      }),
      { numRuns: 4000 },
    );
    expect(both).to.be.greaterThan(300);
  });

  it('reads all of SigmaHQ as another YAML library does', function () {
    const data = testData('SigmaHQ read by two YAML libraries');
    if (data === undefined) return this.skip();
    this.timeout(60_000);
    const root = join(data, 'sigmahq');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /rules.*\.yml$/.test(name),
    );
    let both = 0;
    for (const file of files) {
      const text = readFileSync(join(root, file), 'utf8');
      const others = readElsewhere(text);
      if (others === undefined || others.includes(undefined)) continue;
      both += 1;
      expect(read(text), file).to.deep.equal(others);
    }
    expect(both).to.be.greaterThan(2900);
  });
});
