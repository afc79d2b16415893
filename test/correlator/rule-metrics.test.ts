import { expect } from 'chai';
import { ruleMetrics, RULES_SHOWN_MAX } from '../../correlator/rule-metrics.ts';
import { createRegistry } from '../../platform/metrics.ts';
import { createEngine, plainEvent, type Engine } from '../../sigma/index.ts';
import { ruleSetOf } from './ssh.ts';

/** An engine of rules `0` … that has seen one event, which matches every one of them. */
function engineOf(rules: number): Engine {
  const texts = Array.from(
    { length: rules },
    (_, n) => `title: r${n}
name: r${n}
status: test
level: low
logsource: { product: linux }
detection:
  selection: { a: b }
  condition: selection
`,
  );
  const engine = createEngine(ruleSetOf(texts.join('---\n')).rules);
  engine.match(plainEvent({ logsource: [{ product: 'linux' }], fields: { a: 'b' } }));
  return engine;
}

describe('ruleMetrics', () => {
  const linesOf = async (engines: readonly Engine[], name: string): Promise<readonly string[]> => {
    const registry = createRegistry({ processMetrics: false });
    const metrics = ruleMetrics(registry);
    for (const engine of engines) metrics.follow(engine);
    return (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  };

  it('tells evaluations and matches by rule, and goes on from those before a reload', async () => {
    const engines = [engineOf(1), engineOf(2)];
    expect(await linesOf(engines, 'canh_rule_matches_total')).to.have.members([
      'canh_rule_matches_total{rule="r0"} 2',
      'canh_rule_matches_total{rule="r1"} 1',
    ]);
    expect(await linesOf(engines, 'canh_rule_evaluations_total')).to.have.length(2);
    expect(await linesOf(engines, 'canh_rule_seconds_total')).to.have.length(2);
  });

  it(`tells ${RULES_SHOWN_MAX} rules apart at the most`, async () => {
    for (const rules of [RULES_SHOWN_MAX, RULES_SHOWN_MAX + 1]) {
      expect(await linesOf([engineOf(rules)], 'canh_rule_matches_total')).to.have.length(RULES_SHOWN_MAX);
    }
  });
});
