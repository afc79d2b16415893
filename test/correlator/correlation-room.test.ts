import { expect } from 'chai';
import { createRoom, SPEAK_MS } from '../../correlator/correlation-room.ts';

describe('createRoom', () => {
  const none = { groups: 1, bytes: 1, lateCorrelated: 0, late: 0, missingField: 0, evicted: 0 };

  it('health speaks of groups that were given up, and after a while no more', () => {
    let now = 0;
    const room = createRoom(64, { now: () => now });
    expect(room.health()).to.deep.equal({ name: 'correlation', state: 'ok' });
    room.note(0, { ...none, evicted: 100 });
    room.note(1, none);
    expect(room.health()).to.include({ state: 'ok' });
    room.note(0, { ...none, evicted: 105 });
    room.note(1, { ...none, evicted: 2 });
    expect(room.health()).to.include({ state: 'degraded' });
    expect(room.health().detail).to.include('64 MB: 7 groups were given up');
    now = SPEAK_MS;
    room.note(0, { ...none, evicted: 105 });
    expect(room.health()).to.include({ state: 'degraded' });
    now = SPEAK_MS + 1;
    expect(room.health()).to.include({ state: 'ok' });
  });
});
