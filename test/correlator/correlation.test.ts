import { expect } from 'chai';
import type { JsonObject } from '../../platform/event.ts';
import type { StoredDocument } from '../../platform/index/port.ts';
import { encodeEntry } from '../../platform/record.ts';
import { seeded } from '../faults/random.ts';
import { correlatorRun, until, type CorrelatorRun } from './correlator-run.ts';
import {
  bruteForce,
  bruteForceRule,
  guessed,
  manyUsers,
  recordsOf,
  ssh,
  sshRules,
  tickAt,
  type Login,
} from './ssh.ts';

function ruleOf({ body }: StoredDocument): string {
  return (body['rule'] as { readonly id: string }).id;
}

function canhOf({ body }: StoredDocument): JsonObject {
  return body['canh'] as JsonObject;
}

function tries(count: number, more: Partial<Login> = {}): readonly Login[] {
  return Array.from({ length: count }, (_, n) => ({ at: n, ...more }));
}

function encoded(logins: readonly Login[]): readonly string[] {
  return recordsOf(logins).map((record) => encodeEntry(record));
}

describe('correlation', function () {
  this.timeout(30_000);
  let run: CorrelatorRun;

  const alerts = async (rule: string): Promise<readonly StoredDocument[]> =>
    (await run.all('alerts')).filter((alert) => ruleOf(alert) === rule);
  /** The alerts as texts, by id. */
  const bodies = async (): Promise<ReadonlyMap<string, string>> =>
    new Map(
      (await run.all('alerts'))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, body }) => [id, JSON.stringify(body)]),
    );

  beforeEach(() => {
    run = correlatorRun();
    run.rules('ssh.yml', ssh);
  });
  afterEach(async () => {
    await run.remove();
  });

  it('a brute force is one alert that grows, with what it rests on; its rules alert by nothing else', async () => {
    await run.start();
    await run.send(...encoded(tries(12)));
    await run.settle();
    const [alert, ...others] = await run.all('alerts');
    if (alert === undefined) throw new Error('there is no alert');
    expect(others).to.deep.equal([]);
    expect(ruleOf(alert)).to.equal(bruteForce);
    const events = (await run.all('events')).toSorted((a, b) => a.time - b.time);
    expect(alert.time).to.equal(events[4]?.time);
    expect(alert.body).to.have.nested.property('source.ip', '203.0.113.9');
    expect(alert.body).to.have.nested.property('threat.technique.id[0]', 'T1110.001');
    expect(canhOf(alert)).to.have.nested.property('correlation.count', 10);
    expect(canhOf(alert)).to.have.nested.property('correlation.group[0].value', '203.0.113.9');
    expect(canhOf(alert)['events']).to.deep.equal(events.slice(0, 10).map(({ id }) => id));
    expect(canhOf(alert)).to.have.nested.property(
      'correlation.constituents[0].rule.title',
      'Failed SSH login',
    );
    expect(canhOf(alert)).not.to.have.property('final');
  });

  it('when the watermark has passed, the alert says what the whole episode was', async () => {
    await run.start();
    await run.send(...encoded(tries(12)), tickAt(600));
    await run.settle();
    const [alert] = await alerts(bruteForce);
    if (alert === undefined) throw new Error('there is no alert');
    expect(canhOf(alert)).to.have.nested.property('correlation.count', 12);
    expect(canhOf(alert)).to.have.nested.property('final.id', alert.id);
    const events = (await run.all('events')).toSorted((a, b) => a.time - b.time);
    const { constituents } = canhOf(alert)['final'] as JsonObject;
    expect(constituents).to.deep.equal(events.map(({ id }) => id));
  });

  it('failed logins and then one that succeeds are an alert; the other way round they are none', async () => {
    await run.start();
    await run.send(
      ...encoded([
        { at: 0, user: 'an' },
        { at: 1, user: 'an', success: true },
        { at: 2, user: 'binh', success: true },
        { at: 3, user: 'binh' },
      ]),
    );
    await run.settle();
    const found = await alerts(guessed);
    expect(found.map(({ body }) => (body['user'] as JsonObject)['name'])).to.deep.equal(['an']);
  });

  it('counts the distinct users of one address', async () => {
    await run.start();
    const users = (from: string, ...names: readonly string[]): readonly Login[] =>
      names.map((user, at) => ({ at, user, from }));
    await run.send(
      ...encoded([...users('192.0.2.1', 'a', 'b', 'A', 'b'), ...users('192.0.2.2', 'a', 'b', 'a', 'c')]),
    );
    await run.settle();
    const found = await alerts(manyUsers);
    expect(found.map(({ body }) => (body['source'] as JsonObject)['ip'])).to.deep.equal(['192.0.2.2']);
    expect(found.map((alert) => canhOf(alert))[0]).to.have.nested.property('correlation.value', 3);
  });

  it('agencies are never counted together', async () => {
    await run.start();
    const of = (agency: string): readonly Login[] => tries(4, { agency, collector: agency });
    await run.send(...encoded([...of('so-y-te'), ...of('so-gtvt')]), tickAt(600));
    await run.settle();
    expect(await run.all('alerts')).to.deep.equal([]);
  });

  it('across the city they are, when the rule says so: one alert of the SOC’s own, once it is final', async () => {
    run.rules('ssh.yml', [sshRules, `${bruteForceRule()}canh: { scope: city }\n`].join('---'));
    await run.start();
    const of = (agency: string): readonly Login[] => tries(4, { agency, collector: agency });
    await run.send(...encoded([...of('so-y-te'), ...of('so-gtvt')]));
    await run.settle();
    expect(await run.all('alerts')).to.deep.equal([]);
    await run.send(tickAt(600));
    await run.settle();
    const [alert] = await run.all('alerts');
    expect(alert).to.include({ agency: '' });
    expect(canhOf(alert!)).to.have.nested.property('final.id', alert?.id);
    expect(canhOf(alert!)).to.have.nested.property('correlation.count', 8);
  });

  it('reading the log again, whole or in parts, changes no byte', async () => {
    const values = mixed();
    await run.start();
    await run.send(...values);
    await run.settle();
    const whole = await bodies();
    expect(whole.size).to.be.greaterThan(5);

    await run.remove();
    run = correlatorRun();
    run.rules('ssh.yml', ssh);
    for (let at = 0; at < values.length; at += 30) {
      const stage = await run.start();
      await run.send(...values.slice(at, at + 30));
      await run.settle();
      await stage.stop();
    }
    expect(await bodies()).to.deep.equal(whole);
  });

  it('the same log read by a correlator that has forgotten everything changes no byte', async () => {
    const first = await run.start();
    await run.send(...mixed());
    await run.settle();
    await first.stop();
    const before = await bodies();
    const versions = (await run.all('alerts')).map(({ id, version }) => `${id} ${version}`);
    const index = run.store.bind({ kind: 'soc' });
    const [manifest] = await index.get('manifests', ['canh.records-0']);
    if (manifest === undefined) throw new Error('there is no manifest');
    const body: JsonObject = { epoch: 1, offset: 0, hours: [] };
    expect(await index.replace('manifests', { ...manifest, body })).to.equal('replaced');
    await run.start();
    await run.settle();
    expect(await bodies()).to.deep.equal(before);
    expect((await run.all('alerts')).map(({ id, version }) => `${id} ${version}`)).to.deep.equal(versions);
  });

  it('another order of arrival gives the same final episodes', async () => {
    const finals = async (): Promise<readonly string[]> =>
      (await run.all('alerts'))
        .map((alert) => canhOf(alert)['final'] as JsonObject)
        .filter((final) => final['duplicate_of'] === undefined)
        .map((final) => JSON.stringify(final))
        .toSorted();
    await run.start();
    await run.send(...mixed());
    await run.settle();
    const inOrder = await finals();
    expect(inOrder.length).to.be.greaterThan(5);
    for (const seed of [1, 2, 3]) {
      await run.remove();
      run = correlatorRun();
      run.rules('ssh.yml', ssh);
      await run.start();
      await run.send(...mixed(seed));
      await run.settle();
      expect(await finals(), `seed ${seed}`).to.deep.equal(inOrder);
    }
  });

  it('two alerts that turn out to be one episode: the first stays, the other is closed as its duplicate', async () => {
    await run.start();
    const shifted = (by: number, more: Partial<Login> = {}): readonly Login[] =>
      tries(5).map(({ at }) => ({ at: at + by, ...more }));
    // The tries in the middle, which join the two runs, come last.
    await run.send(
      ...encoded([...shifted(0), ...shifted(110), ...shifted(55, { accepted: 115, collector: 'behind' })]),
    );
    await run.settle();
    await run.send(tickAt(900));
    await run.settle();
    const [first, second, ...others] = (await alerts(bruteForce)).toSorted((a, b) => a.time - b.time);
    expect(others).to.deep.equal([]);
    expect(canhOf(first!)).to.include({ state: 'new', verdict: null });
    expect(canhOf(first!)).to.have.nested.property('correlation.count', 15);
    expect(canhOf(first!)).to.have.nested.property('final.id', first?.id);
    expect(canhOf(second!)).to.include({ state: 'closed', verdict: 'duplicate', transitions: 1 });
    expect(canhOf(second!)).to.have.nested.property('final.duplicate_of', first?.id);
    const [transition] = await run.all('transitions');
    expect(transition?.body).to.include({ alert: second?.id, by: 'Canh', to: 'closed' });
  });

  it('counts what came too late, by correlation, and what has no field to group by', async () => {
    await run.start();
    await run.send(...encoded([{ at: 3600 }, { at: 0 }]));
    await run.settle();
    const text = await run.registry().metrics();
    expect(text).to.match(new RegExp(`canh_correlation_late_total\\{correlation="${bruteForce}"\\} 1`));
    expect(text).to.match(/canh_correlation_groups \d/);
    expect(text).to.match(/canh_correlation_state_bytes \d/);
  });

  it('goes on counting after a restart; without the count where what it wrote cannot be read', async () => {
    const values = encoded(tries(5));
    for (const [broken, count] of [
      [false, 1],
      [true, 0],
    ] as const) {
      await run.remove();
      run = correlatorRun();
      run.rules('ssh.yml', ssh);
      const first = await run.start();
      await run.send(...values.slice(0, 4));
      await run.settle();
      await first.stop();
      const index = run.store.bind({ kind: 'soc' });
      for (const document of broken ? await run.all('correlations') : []) {
        await index.replace('correlations', { ...document, body: { ...document.body, bytes: 'AAAA' } });
      }
      await run.start();
      await run.send(...values.slice(4));
      await run.settle();
      expect(await alerts(bruteForce)).to.have.length(count);
      expect(run.errors.length > 0).to.equal(broken);
    }
  });

  it('says so when there is no room for all groups', async () => {
    const stage = await run.start({ state_mb: 1 });
    const many = Array.from({ length: 6000 }, (_, n) => ({
      at: 0,
      from: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    }));
    await run.send(...encoded(many));
    await run.settle();
    const health = stage.health().find(({ name }) => name === 'correlation');
    expect(health).to.include({ state: 'degraded' });
    expect(health?.detail).to.include('1 MB');
  });

  describe('rules that change while it runs', () => {
    it('are taken up, and an edited title loses no count', async () => {
      await run.start();
      await run.send(...encoded(tries(4)));
      await run.settle();
      run.rules('ssh.yml', [sshRules, bruteForceRule('Many failed SSH logins')].join('---'));
      await until(async () => (await run.registry().metrics()).includes('canh_rules{outcome="loaded"} 3'));
      const [, , , , last] = encoded(tries(5));
      await run.send(last ?? '');
      await run.settle();
      const [alert] = await alerts(bruteForce);
      expect(alert?.body).to.have.nested.property('rule.name', 'Many failed SSH logins');
    });

    it('that are broken keep the others', async () => {
      await run.start();
      run.rules('broken.yml', 'title: broken\nlogsource: [');
      await until(async () => /canh_rules\{outcome="refused"\} [1-9]/.test(await run.registry().metrics()));
      await run.send(...encoded(tries(5)));
      await run.settle();
      expect(await alerts(bruteForce)).to.have.length(1);
      expect(run.warnings.join()).to.include('A rule does not run');
    });

    it('that are all gone are not believed', async () => {
      const stage = await run.start();
      run.rules('ssh.yml', '');
      await until(() => run.warnings.some((warning) => warning.includes('hold no rule any more')));
      await run.send(...encoded(tries(5)));
      await run.settle();
      expect(await alerts(bruteForce)).to.have.length(1);
      expect(stage.health().every(({ state }) => state === 'ok')).to.equal(true);
    });
  });
});

/**
 * Twenty minutes of logins at four collectors, with a tick at the end; with a seed, in another order of arrival in which
 * nothing comes more than a minute behind.
 */
function mixed(seed?: number): readonly string[] {
  const draw = seeded(20261123);
  const logins: Login[] = [];
  for (let at = 0; at < 1200; at += 1 + Math.floor(draw() * 12)) {
    const burst = draw() < 0.15 ? 3 + Math.floor(draw() * 12) : 1;
    const from = `203.0.113.${Math.floor(draw() * 4)}`;
    for (let n = 0; n < burst; n += 1) {
      logins.push({
        at: at + n + Math.floor(draw() * 1000) / 1000,
        from,
        user: `user${Math.floor(draw() * 5)}`,
        success: draw() < 0.1,
        collector: `c${Math.floor(draw() * 4)}`,
      });
    }
  }
  const records = recordsOf(logins.toSorted((a, b) => a.at - b.at));
  const shuffle = seed === undefined ? () => 0 : seeded(seed);
  // A collector's own records keep their order, so each collector has one delay that changes slowly.
  const behind = new Map<string, number>();
  const placed = records.map((record) => {
    const place = Math.max(behind.get(record.collector) ?? 0, record.accepted + shuffle() * 60_000);
    behind.set(record.collector, place);
    return { record, place };
  });
  const arrived = placed.toSorted((a, b) => a.place - b.place).map(({ record }) => encodeEntry(record));
  return [...arrived, tickAt(3600)];
}
