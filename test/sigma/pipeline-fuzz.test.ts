import fc from 'fast-check';
import { expect } from 'chai';
import {
  applyPipelines,
  createEngine,
  keepPlaceholders,
  linkDocuments,
  parseDocuments,
  parsePipeline,
  plainEvent,
} from '../../sigma/index.ts';
import { pipelineCases } from './pipeline-cases.ts';
import { valueCases } from './pipeline-value-cases.ts';
import { ruleText } from './rule-text.ts';

const cases = Object.values({ ...pipelineCases, ...valueCases }).flat();
const steps = fc.constantFrom(...cases.map((one) => one.steps));
const rule = fc.constantFrom(...cases.map((one) => one.rule));
const vars = "{a: [b, 'c*'], c: d, n: 5, admins: [root]}";

function pipelineText(parts: readonly string[]): string {
  return `vars: ${vars}\ntransformations:\n${parts.join('\n').replaceAll(/^/gm, '  ')}\n`;
}

/** The text with a few characters taken out, doubled or exchanged. */
const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      text,
      fc.array(
        fc.tuple(fc.nat(), fc.constantFrom('', '{', '}', '[', ':', "'", '\\', '*', '%', '|', ' ', '\n')),
        { maxLength: 4 },
      ),
    )
    .map(([source, changes]) => {
      let result = source;
      for (const [at, char] of changes) {
        const place = at % (result.length + 1);
        result = result.slice(0, place) + char + result.slice(place + 1);
      }
      return result;
    });

describe('pipelines on anything', () => {
  it('refuse a text with problems, or read it', () => {
    fc.assert(
      fc.property(mutated(fc.array(steps, { minLength: 1, maxLength: 3 }).map(pipelineText)), (text) => {
        const { pipeline, problems } = parsePipeline(text, { file: 'p' });
        const errors = problems.filter(({ severity }) => severity === 'error');
        expect(pipeline === undefined).to.equal(errors.length > 0);
        for (const { line, column } of problems) expect(Math.min(line, column)).to.be.at.least(1);
      }),
      { numRuns: 300 },
    );
  });

  it('give rules that run, or say why there are none, in any order of transformations', () => {
    const event = plainEvent({ logsource: [{ product: 'windows' }], fields: { A: 'x', B: 1 }, message: 'x' });
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 5 }), rule, (parts, detection) => {
        const { pipeline } = parsePipeline(pipelineText(parts), { file: 'p' });
        if (pipeline === undefined) return;
        const text = ruleText(detection);
        const linked = linkDocuments(
          parseDocuments(text, { file: 'r', placeholders: keepPlaceholders(text) }),
        );
        const before = JSON.stringify(linked.rules);
        const { rules, problems } = applyPipelines([pipeline], linked);
        expect(rules.length + problems.length).to.equal(linked.rules.length);
        createEngine(rules).match(event);
        // What came in is as it was.
        expect(JSON.stringify(linked.rules)).to.equal(before);
      }),
      { numRuns: 500 },
    );
  });
});
