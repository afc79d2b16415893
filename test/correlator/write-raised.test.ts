import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { copyState, createTransition, readTransitions } from '../../api/alerts/transitions.ts';
import type { Raised } from '../../correlator/raised.ts';
import { writeRaised } from '../../correlator/write-raised.ts';
import type { AlertFinal } from '../../platform/alert.ts';
import type { JsonObject } from '../../platform/event.ts';
import { timedId } from '../../platform/ids.ts';
import { socTenant, type Index, type IndexStore, type StoredDocument } from '../../platform/index/port.ts';
import { openSqliteIndex } from '../../platform/index/sqlite/index.ts';
import { createLogger } from '../../platform/log.ts';

const ACCEPTED = Date.UTC(2026, 10, 23, 3);
const EVENT = timedId(ACCEPTED, ['event']);

interface RaisedOptions {
  readonly name?: string;
  readonly revision?: number;
  readonly duplicate?: boolean;
  readonly final?: AlertFinal;
}

function raised({ name = 'alert', revision = 1, duplicate = false, final }: RaisedOptions = {}): Raised {
  return {
    duplicate,
    event: EVENT,
    clock: ACCEPTED + revision * 1000,
    alert: {
      id: timedId(ACCEPTED, [name]),
      agency: 'a1',
      time: ACCEPTED,
      accepted: ACCEPTED,
      rule: {
        id: 'rule-1',
        title: 'Many failed logins',
        level: 'high',
        hash: 'h',
        references: [],
        falsepositives: [],
        tags: [],
      },
      tactics: [],
      techniques: [],
      explanation: undefined,
      events: [EVENT],
      correlation: {
        type: 'event_count',
        timespanMs: 60_000,
        group: [{ field: 'source.ip', value: '203.0.113.9' }],
        count: revision * 10,
        value: revision * 10,
        first: ACCEPTED,
        last: ACCEPTED,
        constituents: [],
        late: false,
        lowerBound: false,
        ...(final === undefined ? {} : { final }),
      },
      state: 'new',
      revision,
    },
  };
}

describe('writeRaised', () => {
  let directory = '';
  let store: IndexStore;
  let index: Index;

  const write = async (...all: readonly Raised[]) =>
    await writeRaised(all, {
      index,
      log: createLogger({ level: 'error', plain: true }),
      signal: new AbortController().signal,
      onTrouble: () => undefined,
    });
  const read = async (name = 'alert'): Promise<StoredDocument> => {
    const [found] = await index.get('alerts', [timedId(ACCEPTED, [name])]);
    if (found === undefined) throw new Error('the alert is missing');
    return found;
  };
  const canh = async (name = 'alert'): Promise<JsonObject> => (await read(name)).body['canh'] as JsonObject;
  const acknowledge = async (): Promise<void> => {
    const alert = await read();
    const n = (await readTransitions(index, alert.id)).length + 1;
    const at = new Date(ACCEPTED).toISOString();
    await createTransition(index, alert, {
      n,
      at,
      by: 'lan',
      from: 'new',
      to: 'acknowledged',
      verdict: null,
      note: null,
    });
    await copyState(index, alert, await readTransitions(index, alert.id));
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'canh-raised-'));
    store = openSqliteIndex({ directory });
    index = store.bind(socTenant);
    const body = { host: { name: 'mail01' }, source: { ip: '203.0.113.9' }, message: 'left out' };
    await index.create('events', [{ id: EVENT, agency: 'a1', time: ACCEPTED, body }]);
  });
  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('creates an alert with the fields and entities of its event', async () => {
    const { created } = await write(raised());
    expect(created).to.have.length(1);
    const { body } = await read();
    expect(body).to.have.nested.property('host.name', 'mail01');
    expect(body).to.have.nested.property('canh.fold_key', 'rule-1|host:mail01');
    expect(body).to.have.nested.property('canh.correlation.count', 10);
    expect(body['message']).to.equal('Many failed logins');
  });

  it('takes the entities from the group where the event is no longer kept', async () => {
    await write({ ...raised(), event: timedId(ACCEPTED, ['gone']) });
    expect((await canh())['entities']).to.deep.equal([{ type: 'ip', value: '203.0.113.9' }]);
    expect(await canh()).to.include({ fold_key: 'rule-1|ip:203.0.113.9' });
  });

  it('of several revisions in a batch the last is written', async () => {
    const { created } = await write(raised(), raised({ revision: 2 }), raised({ revision: 3 }));
    expect(created).to.have.length(1);
    expect(await canh()).to.include({ revision: 3 });
  });

  it('replaces by a higher revision only', async () => {
    await write(raised({ revision: 2 }));
    const before = await read();
    for (const revision of [1, 2]) expect((await write(raised({ revision }))).created).to.deep.equal([]);
    expect(await read()).to.deep.equal(before);
    await write(raised({ revision: 3 }));
    expect((await canh())['correlation']).to.include({ count: 30 });
  });

  it('keeps what people did', async () => {
    await write(raised());
    await acknowledge();
    await write(raised({ revision: 2 }));
    expect(await canh()).to.include({ revision: 2, state: 'acknowledged', assignee: 'lan', transitions: 1 });
  });

  it('and people acting at the same moment lose nothing to each other', async () => {
    await write(raised());
    await Promise.all([write(raised({ revision: 2 })), acknowledge(), write(raised({ revision: 3 }))]);
    expect(await canh()).to.include({ revision: 3, state: 'acknowledged', assignee: 'lan', transitions: 1 });
  });

  describe('a duplicate', () => {
    const final = {
      id: timedId(ACCEPTED, ['first']),
      constituents: [],
      duplicateOf: timedId(ACCEPTED, ['first']),
    };
    const duplicate = raised({ revision: 2, duplicate: true, final });

    it('that nobody touched is closed as one', async () => {
      await write(raised());
      await write(duplicate);
      expect(await canh()).to.include({
        state: 'closed',
        verdict: 'duplicate',
        assignee: null,
        transitions: 1,
      });
      expect(await canh()).to.have.nested.property('final.duplicate_of', final.duplicateOf);
      expect(await readTransitions(index, duplicate.alert.id)).to.deep.equal([
        {
          n: 1,
          at: new Date(duplicate.clock).toISOString(),
          by: 'Canh',
          from: 'new',
          to: 'closed',
          verdict: 'duplicate',
          note: null,
        },
      ]);
    });

    it('is the same document, whether it was there before or not', async () => {
      await write(raised());
      await write(duplicate);
      const other = raised({ name: 'other', revision: 2, duplicate: true, final });
      await write(other);
      const { body } = await read('other');
      const renamed = JSON.stringify(body).replaceAll(other.alert.id, duplicate.alert.id);
      expect(JSON.stringify((await read()).body)).to.equal(renamed);
    });

    it('written again changes nothing', async () => {
      await write(raised());
      await write(duplicate);
      const before = await read();
      await write(raised());
      await write(duplicate);
      expect(await read()).to.deep.equal(before);
    });

    it('that people have taken up stays with them', async () => {
      await write(raised());
      await acknowledge();
      await write(duplicate);
      expect(await canh()).to.include({ revision: 2, state: 'acknowledged', verdict: null, transitions: 1 });
      expect(await canh()).to.have.nested.property('final.duplicate_of', final.duplicateOf);
    });

    it('whose state was not copied any more is shown closed the next time', async () => {
      await write(raised());
      await write(duplicate);
      const stored = await read();
      const open = { ...(stored.body['canh'] as JsonObject), state: 'new', verdict: null, transitions: 0 };
      await index.replace('alerts', { ...stored, body: { ...stored.body, canh: open } });
      await write(duplicate);
      expect(await canh()).to.include({ state: 'closed', verdict: 'duplicate', transitions: 1 });
    });

    it('that was opened again by a person stays open', async () => {
      await write(raised());
      await write(duplicate);
      await acknowledge();
      await write(duplicate);
      expect(await canh()).to.include({ state: 'acknowledged', transitions: 2 });
    });
  });
});
