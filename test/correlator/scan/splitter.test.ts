import { expect } from 'chai';
import fc from 'fast-check';
import { createSplitter } from '../../../correlator/scan/splitter.ts';

function split(text: string, chunk: number): readonly (readonly [string, number])[] {
  const splitter = createSplitter();
  const found = [];
  for (let i = 0; i < text.length; i += chunk) found.push(...splitter.push(text.slice(i, i + chunk)));
  return [...found, ...splitter.end()].map((document) => [document.text, document.line] as const);
}

const rows: readonly { name: string; text: string; documents: readonly (readonly [string, number])[] }[] = [
  {
    name: 'NDJSON',
    text: '{"a":1}\n{"a":2}\n',
    documents: [
      ['{"a":1}', 1],
      ['{"a":2}', 2],
    ],
  },
  {
    name: 'NDJSON with CRLF and blank lines',
    text: '{"a":1}\r\n\r\n{"a":2}',
    documents: [
      ['{"a":1}', 1],
      ['{"a":2}', 3],
    ],
  },
  {
    name: 'an array',
    text: '[\n{"a":1},\n{"a":2}\n]\n',
    documents: [
      ['{"a":1}', 2],
      ['{"a":2}', 3],
    ],
  },
  {
    name: 'an array on one line',
    text: '[{"a":1},{"a":{"b":2}}]',
    documents: [
      ['{"a":1}', 1],
      ['{"a":{"b":2}}', 1],
    ],
  },
  {
    name: 'pretty-printed documents one after another',
    text: '{\n  "a": 1\n}\n{\n  "a": 2\n}',
    documents: [
      ['{\n  "a": 1\n}', 1],
      ['{\n  "a": 2\n}', 4],
    ],
  },
  {
    name: 'documents without anything between',
    text: '{"a":1}{"a":2}',
    documents: [
      ['{"a":1}', 1],
      ['{"a":2}', 1],
    ],
  },
  {
    name: 'braces in strings',
    text: '{"a":"} {\\"{"}\n{"a":"}"}',
    documents: [
      ['{"a":"} {\\"{"}', 1],
      ['{"a":"}"}', 2],
    ],
  },
  {
    name: 'a line that only looks whole',
    text: '{"a":{}\n}\n{"b":1}\n',
    documents: [
      ['{"a":{}\n}', 1],
      ['{"b":1}', 3],
    ],
  },
  {
    name: 'a line that was cut off among good ones',
    text: '{"a":1}\n{"a":"x\n{"b":1}\n{"b":{"c":2\n{"b":3}\n',
    documents: [
      ['{"a":1}', 1],
      ['{"a":"x', 2],
      ['{"b":1}', 3],
      ['{"b":{"c":2', 4],
      ['{"b":3}', 5],
    ],
  },
  {
    name: 'objects in an array of an object, a line each',
    text: '{"a":[\n{"b":1},\n{"b":2}]}\n',
    documents: [['{"a":[\n{"b":1},\n{"b":2}]}', 1]],
  },
  {
    name: 'log lines that begin with a bracket',
    text: '[Mon Nov 23 10:00:00 2026] a\n[Mon Nov 23 10:00:01 2026] b\n',
    documents: [
      ['[Mon Nov 23 10:00:00 2026] a', 1],
      ['[Mon Nov 23 10:00:01 2026] b', 2],
    ],
  },
  { name: 'a byte order mark', text: '\uFEFF{"a":1}', documents: [['{"a":1}', 1]] },
  {
    name: 'a document that never ends',
    text: '{"a":1}\n{"a":',
    documents: [
      ['{"a":1}', 1],
      ['{"a":', 2],
    ],
  },
  {
    name: 'log lines',
    text: 'Nov 23 a\n\nNov 23 b\r\nc',
    documents: [
      ['Nov 23 a', 1],
      ['Nov 23 b', 3],
      ['c', 4],
    ],
  },
  { name: 'nothing', text: ' \n', documents: [] },
];

describe('createSplitter', () => {
  for (const { name, text, documents } of rows) {
    it(`splits ${name}, however it is chunked`, () => {
      for (const chunk of [1, 2, 3, 7, 1000]) expect(split(text, chunk)).to.deep.equal(documents);
    });
  }

  it('finds every object again', () => {
    const documents = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 });
    fc.assert(
      fc.property(
        documents,
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('\n', '', '\r\n', ' '),
        fc.boolean(),
        (values, chunk, between, pretty) => {
          const text = values
            .map((value) => JSON.stringify(value, undefined, pretty ? 2 : undefined))
            .join(between);
          expect(split(text, chunk).map(([found]) => JSON.parse(found) as unknown)).to.deep.equal(
            JSON.parse(JSON.stringify(values)),
          );
        },
      ),
    );
  });
});
