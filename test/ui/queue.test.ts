import { expect } from 'chai';
import type { AlertSummary } from '../../api/contract/index.ts';
import { conditionParts } from '../../ui/src/alert/condition.ts';
import { isOpenTo, reverseOf } from '../../ui/src/alert/verdict.ts';
import { mergeBindings } from '../../ui/src/keys/bindings.ts';
import { barsOf, rangeOfBars } from '../../ui/src/queue/bars.ts';
import { groupAlerts, rowsOf } from '../../ui/src/queue/groups.ts';
import { parseSettings, zoneOf } from '../../ui/src/settings/settings.ts';
import { compareLevels, levels, shapeOf } from '../../ui/src/theme/severity.ts';

function alert(id: string, foldKey: string, time: string): AlertSummary {
  return {
    id,
    time,
    accepted: time,
    agency: 'soc',
    rule: { id: 'r', title: 'Rule', level: 'high' },
    tactics: [],
    techniques: [],
    entities: [],
    fold_key: foldKey,
    state: 'new',
    verdict: null,
    assignee: null,
  };
}
const alerts = [
  alert('3', 'a', '2026-11-23T03:00:00Z'),
  alert('2', 'b', '2026-11-23T02:00:00Z'),
  alert('1', 'a', '2026-11-23T01:00:00Z'),
];

describe('groupAlerts', () => {
  it('groups by fold key, in order of first appearance', () => {
    expect(groupAlerts(alerts).map(({ key, first, last }) => [key, first, last])).to.deep.equal([
      ['a', '2026-11-23T01:00:00Z', '2026-11-23T03:00:00Z'],
      ['b', '2026-11-23T02:00:00Z', '2026-11-23T02:00:00Z'],
    ]);
  });
});

describe('rowsOf', () => {
  it('lists alerts as they are when not grouped', () => {
    expect(rowsOf(alerts, false, new Set()).map((row) => row.id)).to.deep.equal(['3', '2', '1']);
  });
  it('shows a group of one as its alert', () => {
    expect(rowsOf(alerts, true, new Set()).map((row) => row.id)).to.deep.equal(['group a', '2']);
  });
  it('shows the alerts of an open group below it', () => {
    expect(rowsOf(alerts, true, new Set(['a'])).map((row) => row.id)).to.deep.equal([
      'group a',
      '3',
      '1',
      '2',
    ]);
  });
});

describe('barsOf', () => {
  const hour = 3_600_000;
  const histogram = { interval_ms: hour, buckets: [{ start: '2026-11-23T01:00:00.000Z', count: 5 }] };
  const now = Date.parse('2026-11-23T03:30:00Z');
  it('fills the hours in which nothing happened', () => {
    const range = { from: '2026-11-23T00:00:00Z', to: '' };
    expect(barsOf(histogram, range, now).map((bar) => bar.count)).to.deep.equal([0, 5, 0, 0]);
  });
  it('begins at the first alert where the range has no start', () => {
    expect(barsOf(histogram, { from: '', to: '' }, now).map((bar) => bar.count)).to.deep.equal([5, 0, 0]);
  });
  it('makes 240 bars at most', () => {
    const wide = { interval_ms: 1000, buckets: [{ start: '2026-11-01T00:00:00.000Z', count: 1 }] };
    expect(barsOf(wide, { from: 'now-30d', to: '' }, now)).to.have.length(240);
  });
  it('covers several bars, from either side', () => {
    const bars = barsOf(histogram, { from: '2026-11-23T00:00:00Z', to: '' }, now);
    expect(rangeOfBars(bars, 2, 1)).to.deep.equal({
      from: '2026-11-23T01:00:00.000Z',
      to: '2026-11-23T03:00:00.000Z',
    });
  });
});

describe('conditionParts', () => {
  it('says which search identifiers held', () => {
    const tree = {
      kind: 'and' as const,
      matched: true,
      children: [
        { kind: 'identifier' as const, name: 'selection', matched: true, children: [] },
        { kind: 'identifier' as const, name: 'filter_main', matched: false, children: [] },
      ],
    };
    const parts = conditionParts({ condition: 'selection and not 1 of filter_*', tree });
    expect(parts.filter((part) => part.truth !== undefined)).to.deep.equal([
      { text: 'selection', truth: true },
      { text: 'filter_*', truth: false },
    ]);
    expect(parts.map((part) => part.text).join('')).to.equal('selection and not 1 of filter_*');
  });
});

describe('isOpenTo', () => {
  it('acknowledges only what is new', () => {
    expect(isOpenTo({ state: 'closed' }, { to: 'acknowledged' })).to.equal(false);
    expect(isOpenTo({ state: 'new' }, { to: 'acknowledged' })).to.equal(true);
  });
  it('closes nothing twice', () => {
    expect(isOpenTo({ state: 'closed' }, { to: 'closed', verdict: 'duplicate' })).to.equal(false);
  });
});

describe('reverseOf', () => {
  it('goes back to the state before', () => {
    expect(reverseOf({ state: 'acknowledged', verdict: null })).to.deep.equal({ to: 'acknowledged' });
  });
  it('gives the verdict back', () => {
    expect(reverseOf({ state: 'closed', verdict: 'duplicate' })).to.deep.equal({
      to: 'closed',
      verdict: 'duplicate',
    });
  });
});

describe('mergeBindings', () => {
  it('puts sequences before single keys, and lets the later part win', () => {
    const calls: string[] = [];
    const merged = mergeBindings([
      { a: () => calls.push('old'), 'g a': () => calls.push('go') },
      { a: () => calls.push('new') },
    ]);
    expect(Object.keys(merged)).to.deep.equal(['g a', 'a']);
    merged['a']?.({} as KeyboardEvent);
    expect(calls).to.deep.equal(['new']);
  });
});

describe('parseSettings', () => {
  it('is Vietnamese until something else is chosen', () =>
    expect(parseSettings(null).language).to.equal('vi'));
  it('falls back where something is broken', () => {
    expect(parseSettings('{')).to.deep.equal(parseSettings(null));
    expect(parseSettings('{"zone":"Asia/Atlantis","shortcuts":0}')).to.deep.equal(parseSettings(null));
  });
  it('keeps what was chosen', () => {
    const kept = { language: 'en', zone: 'Asia/Tokyo', utc: true, shortcuts: false, live: false };
    expect(parseSettings(JSON.stringify(kept))).to.deep.equal(kept);
  });
});

describe('zoneOf', () => {
  const settings = parseSettings(null);
  it('follows the browser', () => expect(zoneOf(settings, 'Asia/Ho_Chi_Minh')).to.equal('Asia/Ho_Chi_Minh'));
  it('shows UTC where asked', () => expect(zoneOf({ ...settings, utc: true }, 'Asia/Tokyo')).to.equal('UTC'));
});

describe('shapeOf', () => {
  it('gives every level a shape of its own', () => {
    expect(new Set(levels.map((level) => shapeOf(level).name)).size).to.equal(levels.length);
  });
});

describe('compareLevels', () => {
  it('puts the most severe first', () => {
    expect(['low' as const, 'critical' as const].sort(compareLevels)).to.deep.equal(['critical', 'low']);
  });
});
