import { expect } from 'chai';
import { TRANSITIONS_MAX } from '../../api/alerts/transitions.ts';
import type { AlertDetail, AlertPage, Problem, TransitionRequest } from '../../api/contract/index.ts';
import type { JsonObject } from '../../platform/event.ts';
import { socTenant, type StoredDocument } from '../../platform/index/port.ts';
import { alertDocument, buildAlert, buildEvent } from './builder.ts';
import { START, startServer, type Client, type Reply, type TestServer } from './server.ts';

let server: TestServer;
let lan: Client;
let minh: Client;
let made = 0;
before(async () => {
  server = await startServer();
  await server.addUser('lan', 'analyst', null);
  await server.addUser('minh', 'lead', null);
  [lan, minh] = [await server.signedIn('lan'), await server.signedIn('minh')];
});
after(async () => await server.stop());

/** A new alert; its id. */
async function freshAlert(): Promise<string> {
  made += 1;
  const alert = buildAlert({
    event: buildEvent({ seq: made, time: START - made * 1000, host: `host-${made}` }),
  });
  await server.fill('alerts', [alertDocument(alert)]);
  return alert.id;
}

async function move(client: Client, id: string, request: TransitionRequest): Promise<Reply> {
  return await client.send('POST', `/api/v1/alerts/${id}/transitions`, { json: request });
}

/** Moves an alert through several states; the answer to the last. */
async function moveAll(id: string, requests: readonly TransitionRequest[]): Promise<AlertDetail> {
  let reply: Reply | undefined;
  for (const request of requests) {
    reply = await move(lan, id, request);
    expect(reply.status, reply.text).to.equal(200);
  }
  return reply?.body as AlertDetail;
}

async function stored(id: string): Promise<StoredDocument> {
  const [alert] = await server.store.bind(socTenant).get('alerts', [id]);
  if (alert === undefined) throw new Error('the alert is gone');
  return alert;
}

const close = { to: 'closed', verdict: 'false_positive_logic' } as const;

describe('POST /api/v1/alerts/{id}/transitions', () => {
  const ways: readonly (readonly [string, readonly TransitionRequest[], Partial<AlertDetail>])[] = [
    [
      'acknowledges, and assigns to whoever did',
      [{ to: 'acknowledged' }],
      { assignee: 'lan', verdict: null },
    ],
    ['takes up work', [{ to: 'acknowledged' }, { to: 'in_progress' }], { assignee: 'lan' }],
    ['takes up work at once', [{ to: 'in_progress' }], { assignee: 'lan' }],
    [
      'closes with a verdict',
      [{ to: 'acknowledged' }, close],
      { verdict: 'false_positive_logic', assignee: 'lan' },
    ],
    ['closes at once, without an assignee', [close], { verdict: 'false_positive_logic', assignee: null }],
    [
      'undoes a closing, and takes the verdict back',
      [close, { to: 'new' }],
      { verdict: null, assignee: null },
    ],
    ['reopens', [close, { to: 'in_progress' }], { verdict: null, assignee: 'lan' }],
    ['undoes an acknowledgement', [{ to: 'acknowledged' }, { to: 'new' }], { assignee: null }],
  ];
  for (const [title, requests, expected] of ways) {
    it(title, async () => {
      const id = await freshAlert();
      const detail = await moveAll(id, requests);
      const state = requests.at(-1)?.to;
      expect(detail).to.deep.include({ ...expected, state, version: String(requests.length) });
      expect(detail.transitions.map(({ n, to, by }) => [n, to, by])).to.deep.equal(
        requests.map(({ to }, at) => [at + 1, to, 'lan']),
      );
      expect((await lan.get(`/api/v1/alerts/${id}`)).body).to.deep.equal(detail);
    });
  }

  it('is found by a search at once', async () => {
    const id = await freshAlert();
    await moveAll(id, [{ ...close, note: 'test run of the backup' }]);
    const q = encodeURIComponent('canh.state:closed and canh.verdict:false_positive_logic');
    const found = (await lan.get(`/api/v1/alerts?q=${q}&size=1000`)).body as AlertPage;
    expect(found.alerts.map((alert) => alert.id)).to.include(id);
  });

  it('keeps note, time and both states', async () => {
    const id = await freshAlert();
    const detail = await moveAll(id, [{ ...close, note: 'đã kiểm tra' }]);
    expect(detail.transitions).to.deep.equal([
      {
        n: 1,
        at: '2026-11-23T10:00:00.000Z',
        by: 'lan',
        from: 'new',
        to: 'closed',
        verdict: 'false_positive_logic',
        note: 'đã kiểm tra',
      },
    ]);
  });

  const refused: readonly (readonly [string, object, number, string])[] = [
    ['closing without a verdict', { to: 'closed' }, 409, 'transition_invalid'],
    ['a verdict without closing', { to: 'acknowledged', verdict: 'duplicate' }, 409, 'transition_invalid'],
    ['the state it is in', { to: 'new' }, 409, 'transition_invalid'],
    ['a state that is none', { to: 'done' }, 400, 'request_invalid'],
    ['a verdict that is none', { to: 'closed', verdict: 'boring' }, 400, 'request_invalid'],
    ['a key it does not know', { to: 'acknowledged', assignee: 'minh' }, 400, 'request_invalid'],
    ['a note of 10,001 characters', { ...close, note: 'a'.repeat(10_001) }, 400, 'request_invalid'],
    ['an old version', { to: 'acknowledged', version: '7' }, 409, 'index_conflict'],
  ];
  for (const [title, json, status, code] of refused) {
    it(`refuses ${title}, and changes nothing`, async () => {
      const id = await freshAlert();
      const reply = await lan.send('POST', `/api/v1/alerts/${id}/transitions`, { json });
      expect([reply.status, (reply.body as Problem).code]).to.deep.equal([status, code]);
      const { state, transitions } = (await lan.get(`/api/v1/alerts/${id}`)).body as AlertDetail;
      expect([state, transitions]).to.deep.equal(['new', []]);
    });
  }

  it('takes a note of 10,000 characters', async () => {
    await moveAll(await freshAlert(), [{ ...close, note: 'ạ'.repeat(10_000) }]);
  });

  it('answers 404 for an alert that is not there', async () => {
    expect((await move(lan, '0'.repeat(26), close)).status).to.equal(404);
  });

  it('lets one of two people win who act on the same version', async () => {
    const id = await freshAlert();
    const replies = await Promise.all([
      move(lan, id, { to: 'acknowledged', version: '0' }),
      move(minh, id, { ...close, version: '0' }),
    ]);
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).to.deep.equal([200, 409]);
    const { transitions, state } = (await lan.get(`/api/v1/alerts/${id}`)).body as AlertDetail;
    expect(transitions).to.have.length(1);
    expect(state).to.equal(transitions[0]?.to);
  });

  it('survives the correlator, which replaces other fields of the alert meanwhile', async () => {
    const index = server.store.bind(socTenant);
    const id = await freshAlert();
    let working = true;
    const correlator = async (): Promise<number> => {
      let replaced = 0;
      while (working) {
        const alert = await stored(id);
        const canh = { ...(alert.body['canh'] as JsonObject), revision: replaced + 2 };
        if ((await index.replace('alerts', { ...alert, body: { ...alert.body, canh } })) === 'replaced')
          replaced += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return replaced;
    };
    const running = correlator();
    for (let n = 0; n < 10; n += 1) await moveAll(id, [{ to: 'acknowledged' }, close, { to: 'new' }]);
    await moveAll(id, [close]);
    working = false;
    const replaced = await running;
    const { body } = await stored(id);
    expect(body['canh']).to.deep.include({
      state: 'closed',
      verdict: 'false_positive_logic',
      transitions: 31,
    });
    expect(body['canh']).to.deep.include({ revision: replaced + 1 });
  });

  it('shows and mends a state whose copy was lost in a crash', async () => {
    const id = await freshAlert();
    const before = await stored(id);
    await moveAll(id, [close]);
    const after = await stored(id);
    await server.store.bind(socTenant).replace('alerts', { ...after, body: before.body });
    const detail = (await lan.get(`/api/v1/alerts/${id}`)).body as AlertDetail;
    expect(detail.state).to.equal('closed');
    expect((await stored(id)).body['canh']).to.deep.include({ state: 'closed', transitions: 1 });
  });

  it('lets an alert have so many transitions and no more', async function () {
    const id = await freshAlert();
    const { agency } = await stored(id);
    const documents = Array.from({ length: TRANSITIONS_MAX }, (_, at) => {
      const [from, to] = at % 2 === 0 ? ['new', 'acknowledged'] : ['acknowledged', 'new'];
      const body = {
        alert: id,
        n: at + 1,
        at: '2026-11-23T10:00:00.000Z',
        by: 'lan',
        from: from ?? '',
        to: to ?? '',
      };
      return { id: `${id}.${at + 1}`, agency, time: START, body: { ...body, verdict: null, note: null } };
    });
    await server.store.bind(socTenant).create('transitions', documents.slice(0, -1));
    await moveAll(id, [{ to: 'new' }]);
    expect(((await move(lan, id, close)).body as Problem).code).to.equal('transition_invalid');
  });

  it('is in the audit log', async () => {
    const id = await freshAlert();
    await moveAll(id, [close]);
    const entry = server.logged.find((logged) => logged['alert'] === id);
    expect(entry).to.deep.include({
      audit: true,
      act: 'transition',
      user: 'lan',
      from: 'new',
      to: 'closed',
      n: 1,
    });
  });
});
