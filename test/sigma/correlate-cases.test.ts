import { expect } from 'chai';
import { arrivalsFrom, correlationOf, ruleSetOf } from './oracle/build.ts';
import { cases } from './oracle/cases.ts';
import { finalsOf, type Final } from './oracle/oracle.ts';
import { finalsIn, signalsOf } from './oracle/run.ts';

/** `final, count: constituents (group)`; a constituent of another rule than `r0` says which. */
function textOf({ final, count, constituents, agency, group }: Final): string {
  const kept = constituents.map(([event, rule]) => (rule === 'r0' ? event : `${event}/${rule}`)).join(' ');
  const values = [...(agency === 'agency' ? [] : [agency]), ...group.map(([, value]) => value)].join(' ');
  return `${final}, ${count}: ${kept}${values === '' ? '' : ` (${values})`}`;
}

describe('correlation', () => {
  for (const { title, correlations, rows, finals } of cases) {
    const ruleSet = ruleSetOf(...correlations.map(correlationOf));
    const arrivals = arrivalsFrom(rows);
    const key = ruleSet.correlations.at(-1)?.key;
    const textsOf = (found: readonly Final[]): readonly string[] =>
      found
        .filter(({ correlation }) => correlation === key)
        .map(textOf)
        .toSorted();

    it(`${title} (oracle)`, () => {
      expect(textsOf(finalsOf(ruleSet, arrivals))).to.deep.equal(finals.toSorted());
    });

    it(title, () => {
      for (const latenessMs of [0, 60_000, Infinity])
        expect(textsOf(finalsIn(signalsOf(ruleSet, arrivals, { latenessMs })))).to.deep.equal(
          finals.toSorted(),
        );
    });
  }
});
