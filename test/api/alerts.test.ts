import { expect } from 'chai';
import { BUCKETS_MAX, FACET_SIZE, intervalOf } from '../../api/alerts/overview.ts';
import type { AlertDetail, AlertOverview, AlertPage, EventPage } from '../../api/contract/index.ts';
import { levels, type Alert } from '../../platform/alert.ts';
import type { Event } from '../../platform/event.ts';
import { alertDocument, buildAlert, buildCorrelation, buildEvent, eventDocument } from './builder.ts';
import { START, startServer, type Client, type TestServer } from './server.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const LISTED = 25;

let server: TestServer;
let client: Client;
let events: Event[];
let alerts: Alert[];
before(async () => {
  server = await startServer();
  await server.addUser('lan', 'analyst', null);
  client = await server.signedIn('lan');
  events = Array.from({ length: LISTED }, (_, n) =>
    buildEvent({
      seq: n + 1,
      time: START - (n + 1) * MINUTE,
      host: `web-${n % 3}`,
      user: n === 4 ? 'đặng' : 'root',
    }),
  );
  alerts = events.map((event, n) =>
    buildAlert({
      event,
      level: levels[n % levels.length] ?? 'low',
      rule: { id: `rule-${n % 2}`, title: n % 2 === 0 ? 'Đăng nhập sai' : 'Odd rule' },
    }),
  );
  const ancient = buildEvent({ seq: 900, time: START - 40 * DAY, host: 'ancient' });
  const future = buildEvent({ seq: 901, time: START + 400 * DAY, accepted: START, host: 'future' });
  await server.fill(
    'events',
    [...events, ancient, future].map((event) => eventDocument(event)),
  );
  const more = [buildAlert({ event: ancient }), buildAlert({ event: future })];
  await server.fill(
    'alerts',
    [...alerts, ...more].map((alert) => alertDocument(alert)),
  );
});
after(async () => await server.stop());

async function list(parameters: Record<string, string>): Promise<AlertPage> {
  const reply = await client.get(`/api/v1/alerts?${new URLSearchParams(parameters).toString()}`);
  expect(reply.status, reply.text).to.equal(200);
  return reply.body as AlertPage;
}

describe('GET /api/v1/alerts', () => {
  it('lists the alerts of the last 30 days, newest first, those ahead of time too', async () => {
    const { alerts: shown, next, total } = await list({});
    const future = shown[0];
    expect(future?.entities[0]).to.deep.equal({ type: 'host', value: 'future' });
    expect(shown.slice(1).map(({ id }) => id)).to.deep.equal(alerts.map(({ id }) => id));
    expect(total).to.deep.equal({ value: LISTED + 1, relation: 'eq' });
    expect(next).to.equal(null);
  });

  it('shows what a person needs to triage', async () => {
    const { alerts: shown } = await list({ to: 'now', size: '1' });
    expect(shown).to.deep.equal([
      {
        id: alerts[0]?.id,
        time: '2026-11-23T09:59:00.000Z',
        accepted: '2026-11-23T09:59:00.000Z',
        agency: 'soc',
        rule: { id: 'rule-0', title: 'Đăng nhập sai', level: 'informational' },
        tactics: [{ id: 'TA0006', name: 'Credential Access' }],
        techniques: [{ id: 'T1110', name: 'Brute Force' }],
        entities: [
          { type: 'host', value: 'web-0' },
          { type: 'ip', value: '203.0.113.9' },
        ],
        fold_key: 'rule-0 web-0',
        state: 'new',
        verdict: null,
        assignee: null,
      },
    ]);
  });

  const queries: readonly (readonly [string, Record<string, string>, number])[] = [
    ['a field', { q: 'host.name:web-1' }, 8],
    ['a rule', { q: 'rule.id:"rule-1"' }, 12],
    ['free text without its marks', { q: 'dang nhap sai' }, 13],
    ['a person whose name has a đ', { q: 'user.name:dang' }, 1],
    ['both of two', { q: 'host.name:web-1 and canh.level:high' }, 1],
    ['none', { q: 'host.name:nowhere' }, 0],
    ['relative times', { from: 'now-10m', to: 'now-5m' }, 5],
    [
      'absolute times, from inclusive, to exclusive',
      { from: '2026-11-23T09:55:00Z', to: '2026-11-23T09:58:00Z' },
      3,
    ],
    ['the distant past', { from: 'now-60d', to: 'now-30d' }, 1],
  ];
  for (const [title, parameters, count] of queries) {
    it(`finds ${title}`, async () => {
      const page = await list({ to: 'now', ...parameters });
      expect([page.alerts.length, page.total.value]).to.deep.equal([count, count]);
    });
  }

  const sorted: readonly (readonly [string, (page: AlertPage) => (string | number)[], 1 | -1])[] = [
    ['time:asc', (page) => page.alerts.map((alert) => Date.parse(alert.time)), 1],
    ['time:desc', (page) => page.alerts.map((alert) => Date.parse(alert.time)), -1],
    ['level:asc', (page) => page.alerts.map((alert) => levels.indexOf(alert.rule.level)), 1],
    ['event.severity:desc', (page) => page.alerts.map((alert) => levels.indexOf(alert.rule.level)), -1],
    ['rule.name:asc', (page) => page.alerts.map((alert) => alert.rule.id), 1],
  ];
  for (const [sort, keys, direction] of sorted) {
    it(`sorts by ${sort}`, async () => {
      const page = keys(await list({ sort, to: 'now' }));
      const expected = page.toSorted((a, b) => (a < b ? -direction : a > b ? direction : 0));
      expect(page).to.deep.equal(expected);
      expect(page).to.have.length(LISTED);
    });
  }

  for (const sort of ['time:desc', 'level:asc', 'rule.name:desc']) {
    it(`pages through everything once by ${sort}, while time goes on`, async () => {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: AlertPage = await list({
          sort,
          to: 'now',
          size: '7',
          ...(cursor === null ? {} : { cursor }),
        });
        expect(page.total.value).to.equal(LISTED);
        seen.push(...page.alerts.map(({ id }) => id));
        cursor = page.next;
        server.clock.ms += 5000;
      } while (cursor !== null);
      server.clock.ms = START;
      expect(seen.toSorted()).to.deep.equal(alerts.map(({ id }) => id).sort());
    });
  }

  const refused: readonly (readonly [string, string, string, string | undefined])[] = [
    ['a query that cannot be read', 'q=host.name:(', 'query_syntax', 'q:'],
    ['a time that is none', 'from=yesterday', 'request_invalid', 'query.from'],
    ['a range that ends before it begins', 'from=now&to=now-1d', 'request_invalid', 'query.to'],
    ['a size of nothing', 'size=0', 'request_invalid', 'query.size'],
    ['a size past the largest', 'size=1001', 'request_invalid', 'query.size'],
    ['a sort field that is not offered', 'sort=canh.explanation:asc', 'request_invalid', 'query.sort'],
    ['a sort field of every object', 'sort=constructor:asc', 'request_invalid', 'query.sort'],
    ['a direction that is none', 'sort=time:up', 'request_invalid', 'query.sort'],
    ['a parameter it does not know', 'page=2', 'request_invalid', 'query'],
    ['a parameter given twice', 'q=a&q=b', 'request_invalid', 'query.q'],
    ['a query of 4097 characters', `q=${'a'.repeat(4097)}`, 'request_invalid', 'query.q'],
    ['a cursor that is none', 'cursor=abc', 'cursor_invalid', undefined],
    ['a cursor with nothing in it', 'cursor=W10', 'cursor_invalid', undefined],
  ];
  for (const [title, parameters, code, place] of refused) {
    it(`refuses ${title}`, async () => {
      const { status, body } = await client.get(`/api/v1/alerts?${parameters}`);
      expect(status).to.equal(400);
      expect(body).to.have.property('code', code);
      if (place !== undefined)
        expect(body)
          .to.have.property('place')
          .that.satisfies((p: string) => p.startsWith(place));
    });
  }

  it('takes the largest size', async () => {
    expect((await list({ size: '1000' })).alerts).to.have.length(LISTED + 1);
  });

  it('refuses a cursor of another query', async () => {
    const { next } = await list({ size: '5' });
    const { status, body } = await client.get(`/api/v1/alerts?size=5&q=root&cursor=${next}`);
    expect([status, body]).to.deep.include(400);
    expect(body).to.have.property('code', 'cursor_invalid');
  });
});

describe('GET /api/v1/alerts/overview', () => {
  async function overview(parameters: string): Promise<AlertOverview> {
    const reply = await client.get(`/api/v1/alerts/overview${parameters}`);
    expect(reply.status, reply.text).to.equal(200);
    return reply.body as AlertOverview;
  }

  it('counts in all, by facet with labels, and over time', async () => {
    const {
      total,
      levels: byLevel,
      rules,
      hosts,
      users,
      sources,
      tactics,
      states,
      agencies,
      histogram,
    } = await overview('?from=now-1h&to=now');
    expect(total).to.equal(LISTED);
    expect(byLevel.buckets).to.have.length(5);
    expect(rules).to.deep.equal({
      buckets: [
        { key: 'rule-0', label: 'Đăng nhập sai', count: 13 },
        { key: 'rule-1', label: 'Odd rule', count: 12 },
      ],
      other: 0,
    });
    expect(hosts.buckets[0]).to.deep.equal({ key: 'web-0', label: 'web-0', count: 9 });
    expect(users.buckets.map(({ key }) => key)).to.deep.equal(['root', 'đặng']);
    expect(sources.buckets).to.deep.equal([{ key: '203.0.113.9', label: '203.0.113.9', count: LISTED }]);
    expect(tactics.buckets).to.deep.equal([{ key: 'TA0006', label: 'Credential Access', count: LISTED }]);
    expect(states.buckets).to.deep.equal([{ key: 'new', label: 'new', count: LISTED }]);
    expect(agencies.buckets).to.deep.equal([{ key: 'soc', label: 'soc', count: LISTED }]);
    expect(histogram.interval_ms).to.equal(MINUTE);
    expect(histogram.buckets.reduce((sum, { count }) => sum + count, 0)).to.equal(LISTED);
  });

  it('follows the query', async () => {
    const { total, hosts } = await overview('?q=host.name:web-2&from=now-1h');
    expect(total).to.equal(8);
    expect(hosts.buckets).to.deep.equal([{ key: 'web-2', label: 'web-2', count: 8 }]);
  });

  it('counts what is ahead of time in the last bar', async () => {
    const { total, histogram } = await overview('');
    expect(total).to.equal(LISTED + 1);
    const last = Date.parse(histogram.buckets.at(-1)?.start ?? '');
    expect(last).to.be.at.most(START);
  });

  it('shows the most frequent values of a facet and counts the rest', async () => {
    const many = Array.from({ length: FACET_SIZE + 2 }, (_, n) => {
      const event = buildEvent({ seq: 7000 + n, time: START - 100 * DAY - n, host: `many-${n}` });
      return alertDocument(buildAlert({ event }));
    });
    await server.fill('alerts', many);
    const { total, hosts } = await overview('?from=now-101d&to=now-99d');
    expect([total, hosts.buckets.length, hosts.other]).to.deep.equal([many.length, FACET_SIZE, 2]);
  });

  it('is empty where nothing is found', async () => {
    const { total, levels: byLevel, histogram } = await overview('?q=nowhere');
    expect([total, byLevel, histogram.buckets]).to.deep.equal([0, { buckets: [], other: 0 }, []]);
  });
});

describe('intervalOf', () => {
  const spans = [
    0,
    1,
    999,
    119_000,
    119_001,
    3_600_000,
    DAY,
    7 * DAY,
    30 * DAY,
    833 * DAY,
    834 * DAY,
    20_000 * DAY,
  ];
  for (const span of spans) {
    it(`divides ${span} ms into ${BUCKETS_MAX} bars at most, wherever the range begins`, () => {
      const interval = intervalOf(span);
      for (const from of [0, 1, interval - 1]) {
        expect(Math.floor((from + span) / interval) - Math.floor(from / interval) + 1).to.be.at.most(
          BUCKETS_MAX,
        );
      }
    });
  }
});

describe('GET /api/v1/alerts/{id}', () => {
  it('shows the rule, why it fired, and the document as it is', async () => {
    const alert = alerts[0];
    const { body } = await client.get(`/api/v1/alerts/${alert?.id}`);
    const detail = body as AlertDetail;
    expect(detail.rule).to.deep.equal({
      id: 'rule-0',
      title: 'Đăng nhập sai',
      level: 'informational',
      description: 'Somebody tried a password that was wrong.',
      author: 'Canh',
      license: 'Apache-2.0',
      references: ['https://attack.mitre.org/techniques/T1110/'],
      falsepositives: ['A person who mistyped'],
      tags: ['attack.credential-access', 'attack.t1110'],
    });
    expect(detail.explanation).to.deep.equal(alert?.explanation);
    expect(detail.events).to.deep.equal([events[0]?.id]);
    expect(detail.transitions).to.deep.equal([]);
    expect(detail.document).to.have.nested.property('canh.fold_key', 'rule-0 web-0');
  });

  it('shows what the alert of a correlation rests on, and whose duplicate it is', async () => {
    // Long ago, so that no list of the other tests shows it.
    const event = buildEvent({ seq: 902, time: START - 41 * DAY });
    const correlation = buildCorrelation(events.slice(5, 8), 'alert-before');
    await server.fill('alerts', [alertDocument({ ...buildAlert({ event }), correlation })]);
    const { body } = await client.get(`/api/v1/alerts/${buildAlert({ event }).id}`);
    const iso = (time: number): string => new Date(time).toISOString();
    const { timespanMs, lowerBound, final, ...same } = correlation;
    expect((body as AlertDetail).correlation).to.deep.equal({
      ...same,
      timespan_ms: timespanMs,
      first: iso(correlation.first),
      last: iso(correlation.last),
      constituents: correlation.constituents.map((one) => ({ ...one, time: iso(one.time) })),
      lower_bound: lowerBound,
      final: true,
      duplicate_of: final?.duplicateOf,
    });
  });

  it('shows no correlation for the alert of a rule', async () => {
    const { body } = await client.get(`/api/v1/alerts/${alerts[0]?.id}`);
    expect((body as AlertDetail).correlation).to.equal(null);
  });

  for (const id of ['0', 'constructor', '__proto__', '0'.repeat(26), 'z'.repeat(26)]) {
    it(`answers 404 for ${id}`, async () => {
      const { status, body } = await client.get(`/api/v1/alerts/${id}`);
      expect(status).to.equal(404);
      expect(body).to.have.property('code', 'not_found');
    });
  }

  it('refuses an id of 65 characters', async () => {
    expect((await client.get(`/api/v1/alerts/${'0'.repeat(65)}`)).status).to.equal(400);
  });
});

describe('GET /api/v1/alerts/{id}/events', () => {
  it('shows the events that the alert rests on', async () => {
    const { body } = await client.get(`/api/v1/alerts/${alerts[3]?.id}/events`);
    const page = body as EventPage;
    expect(page.total.value).to.equal(1);
    expect(page.events[0]).to.deep.include({
      id: events[3]?.id,
      original: events[3]?.original,
      agency: 'soc',
    });
  });

  it('leaves out what is no longer kept', async () => {
    const gone = buildEvent({ seq: 5000, time: START - 80 * DAY });
    const alert = buildAlert({ event: gone });
    await server.fill('alerts', [alertDocument(alert)]);
    const { body } = await client.get(`/api/v1/alerts/${alert.id}/events`);
    expect((body as EventPage).events).to.deep.equal([]);
  });
});

describe('GET /api/v1/events', () => {
  it('finds events by query and pages through them', async () => {
    const first = (await client.get('/api/v1/events?q=source.ip:203.0.113.9&to=now&size=20'))
      .body as EventPage;
    expect([first.events.length, first.total.value]).to.deep.equal([20, LISTED]);
    const query = `q=source.ip:203.0.113.9&to=now&size=20&cursor=${first.next}`;
    const second = (await client.get(`/api/v1/events?${query}`)).body as EventPage;
    expect(second.events).to.have.length(LISTED - 20);
    expect(second.next).to.equal(null);
    expect([...first.events, ...second.events].map(({ id }) => id)).to.deep.equal(events.map(({ id }) => id));
  });

  it('sorts by time alone', async () => {
    expect((await client.get('/api/v1/events?sort=level:asc')).status).to.equal(400);
  });
});
