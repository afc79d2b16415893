import { expect } from 'chai';
import { catalogue } from '../../platform/errors/index.ts';
import { en } from '../../ui/src/i18n/en.ts';
import { vi } from '../../ui/src/i18n/vi.ts';

/** Every text of a catalogue under its path; functions are called with stand-ins. */
function texts(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return [[path, (value as (...words: string[]) => string | undefined)('1', '2', '3') ?? '']];
  return Object.entries(value as object).flatMap(([key, child]) => texts(child, `${path}.${key}`));
}

/** Words that are the same in both languages, or names. */
const same = new Set([
  '.product',
  '.none',
  '.alert.attack',
  '.event.json',
  '.actions.done',
  '.alert.moved',
  '.range.between',
]);

describe('vi', () => {
  it('has every text of en', () => {
    expect(texts(vi).map(([path]) => path)).to.deep.equal(texts(en).map(([path]) => path));
  });
  it('leaves nothing in English', () => {
    const english = new Map(texts(en));
    const left = texts(vi).filter(
      ([path, text]) => text !== '' && english.get(path) === text && !same.has(path),
    );
    expect(left).to.deep.equal([]);
  });
  it('is written in composed letters', () => {
    for (const [path, text] of texts(vi)) expect(text, path).to.equal(text.normalize('NFC'));
  });
  it('has a sentence for every failure that the API can answer with', () => {
    const api = [
      'query_syntax',
      'cursor_invalid',
      'index_conflict',
      'index_unknown_field',
      'forbidden',
      'not_found',
    ];
    const more = ['request_invalid', 'request_too_large', 'transition_invalid', 'internal'];
    const auth = Object.keys(catalogue).filter((code) => code.startsWith('auth_'));
    for (const code of [...api, ...more, ...auth]) expect(vi.problem(code), code).to.be.a('string');
  });
});
