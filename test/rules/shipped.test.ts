import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { ruleTestFiles } from '../../correlator/rule-files.ts';
import { runRuleTests } from '../../correlator/rule-tests.ts';
import { loadRules } from '../../correlator/rules.ts';

const root = join(import.meta.dirname, '../../rules');

describe('rules that Canh brings', () => {
  const { ruleSet, problems } = loadRules([root]);
  const { rules, correlations, quiet } = ruleSet;
  const files = [...new Set([...rules, ...correlations].map(({ file }) => file))].toSorted();

  it('are without problems', () => {
    expect(problems).to.deep.equal([]);
  });

  it('have tests beside them', () => {
    expect(files.filter((file) => !existsSync(file.replace(/\.yml$/, '.test.yml')))).to.deep.equal([]);
  });

  it('have an id, a description, an author and known false positives', () => {
    const bare = [...rules, ...correlations].filter(
      ({ id, description, author, falsepositives }) =>
        id === undefined || description === undefined || author === undefined || falsepositives.length === 0,
    );
    expect(bare.map(({ title }) => title)).to.deep.equal([]);
  });

  it('are only counted where they say that they are building blocks', () => {
    const blocks = [...rules, ...correlations].filter(({ description = '' }) =>
      description.startsWith('A building block'),
    );
    expect(blocks.map(({ key }) => key).toSorted()).to.deep.equal([...quiet].toSorted());
  });

  for (const file of ruleTestFiles(root))
    it(`pass ${relative(root, file)}`, () => {
      const failed = runRuleTests(file).filter(({ passed }) => !passed);
      expect(failed.map(({ test, reason }) => `${test}: ${reason}`)).to.deep.equal([]);
    });
});
