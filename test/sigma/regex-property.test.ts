import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { fold } from '../../sigma/language/fold.ts';
import { compileRegex } from '../../sigma/regex/compile.ts';
import { requiredLiteralSets } from '../../sigma/regex/literals.ts';
import { parseRegex } from '../../sigma/regex/parse.ts';
import {
  faultySource,
  randomFrom,
  re2,
  regexFlags,
  regexSource,
  regexText,
  sampleOf,
} from './regex-source.ts';
import { shippedRegexes, type ShippedRegex } from './regex-shipped.ts';
import { testData } from './rule-text.ts';

const texts = fc.array(regexText, { minLength: 12, maxLength: 12 });

describe('compileRegex', function () {
  this.timeout(60_000);

  it('finds what RE2JS finds', () => {
    fc.assert(
      fc.property(regexSource, regexFlags, texts, (source, flags, values) => {
        const expected = re2(source, flags);
        if (expected === undefined) return;
        const finds = compileRegex(source, flags);
        for (const text of values) expect(finds(text), JSON.stringify(text)).to.equal(expected.test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what RE2JS refuses, and reads all that it takes itself', () => {
    fc.assert(
      fc.property(fc.oneof(regexSource, faultySource), regexFlags, (source, flags) => {
        expect(parseRegex(source, flags) !== undefined).to.equal(re2(source, flags) !== undefined);
        if (re2(source, flags) === undefined) expect(() => compileRegex(source, flags)).to.throw();
      }),
      { numRuns: 1000 },
    );
  });

  it('ends with a verdict or a refusal whatever the expression is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        regexFlags,
        regexText,
        (source, flags, text) => {
          let finds: ((text: string) => boolean) | undefined;
          try {
            finds = compileRegex(source, flags);
          } catch (error) {
            expect(error).to.be.instanceOf(Error);
          }
          if (finds !== undefined) expect(finds(text)).to.equal(re2(source, flags)?.test(text));
        },
      ),
    );
  });
});

describe('requiredLiteralSets', function () {
  this.timeout(60_000);

  it('names only literals without one of which nothing matches', () => {
    fc.assert(
      fc.property(regexSource, regexFlags, texts, fc.nat(), (source, flags, values, seed) => {
        const expected = re2(source, flags);
        const node = parseRegex(source, flags);
        if (expected === undefined || node === undefined) return;
        const sets = requiredLiteralSets(source, flags);
        const random = randomFrom(seed);
        const samples = Array.from({ length: 12 }, () => `x${sampleOf(node, random)}`);
        for (const text of [...values, ...samples, ...samples.map((sample) => sample.slice(1))])
          if (expected.test(text)) expectLiterals(text, sets);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the regular expressions of SigmaHQ', function () {
  this.timeout(120_000);
  let shipped: readonly ShippedRegex[] = [];

  before(function () {
    const data = testData('SigmaHQ regular expressions');
    if (data === undefined) this.skip();
    shipped = shippedRegexes(join(data, 'sigmahq'));
  });

  it('are all read here', () => {
    expect(shipped).to.have.lengthOf(149);
    for (const { source, flags } of shipped)
      expect(parseRegex(source, flags), source).not.to.equal(undefined);
  });

  it('find in texts made of their own parts what RE2JS finds, and hold the literals required', () => {
    let found = 0;
    for (const { source, flags } of shipped) {
      const [node, expected] = [parseRegex(source, flags), re2(source, flags)];
      if (node === undefined || expected === undefined) throw new Error(source);
      const finds = compileRegex(source, flags);
      const sets = requiredLiteralSets(source, flags);
      const random = randomFrom(source.length);
      for (let i = 0; i < 100; i++) {
        const text = brokenSamples(() => sampleOf(node, random), random);
        const matches = expected.test(text);
        expect(finds(text), `${source} on ${JSON.stringify(text)}`).to.equal(matches);
        if (!matches) continue;
        found++;
        expectLiterals(text, sets);
      }
    }
    expect(found).to.be.greaterThan(5000);
  });

  it('find in long repeated texts what RE2JS finds', () => {
    for (const { source, flags } of shipped) {
      const node = parseRegex(source, flags);
      if (node === undefined) throw new Error(source);
      const random = randomFrom(7);
      const piece = sampleOf(node, random).slice(0, -1);
      const text = piece.repeat(Math.ceil(3000 / Math.max(piece.length, 1))).slice(0, 3000);
      expect(compileRegex(source, flags)(text), source).to.equal(re2(source, flags)?.test(text));
    }
  });
});

function expectLiterals(text: string, sets: readonly (readonly string[])[]): void {
  const folded = fold(text);
  for (const literals of sets)
    expect(
      literals.some((literal) => folded.includes(literal)),
      `${JSON.stringify(text)} holds one of ${JSON.stringify(literals)}`,
    ).to.equal(true);
}

/** One to three samples, some with a character lost, doubled or in the other case, between other characters. */
function brokenSamples(sample: () => string, random: () => number): string {
  let text = '';
  for (let parts = 1 + Math.floor(random() * 3); parts > 0; parts--) {
    const whole = sample();
    const at = Math.floor(random() * whole.length);
    const kind = Math.floor(random() * 6);
    text += kind === 0 ? whole.slice(0, at) + whole.slice(at + 1) : whole;
    if (kind === 1) text += whole.slice(at).toUpperCase();
    if (kind === 2) text = ` ${text}\n`;
    if (kind === 3) text += `é😀"${whole.slice(0, at)}`;
  }
  return text;
}
