import type { Clock } from '../platform/clock.ts';
import type { ComponentHealth } from '../platform/stage.ts';
import type { CorrelatorStats } from '../sigma/index.ts';

/** How long after the last group was given up health speaks of it. */
export const SPEAK_MS = 15 * 60_000;

/** Notes whether correlations have room for their groups. */
export interface CorrelationRoom {
  /** The first time is where counting begins. */
  note(partition: number, stats: CorrelatorStats): void;
  health(): ComponentHealth;
}

/** `megabytes`: what is configured as `correlation.state_mb`. */
export function createRoom(megabytes: number, clock: Clock): CorrelationRoom {
  const known = new Map<number, number>();
  let groups = 0;
  let lastAt: number | undefined;
  return {
    note: (partition, stats) => {
      const more = stats.evicted - (known.get(partition) ?? stats.evicted);
      known.set(partition, stats.evicted);
      if (more <= 0) return;
      groups += more;
      lastAt = clock.now();
    },
    health: () => {
      if (lastAt === undefined || clock.now() - lastAt > SPEAK_MS)
        return { name: 'correlation', state: 'ok' };
      return {
        name: 'correlation',
        state: 'degraded',
        detail: `Correlations need more than ${megabytes} MB: ${groups} groups were given up since the start, and may alert late or not at all. Raise correlation.state_mb, or group by fewer values.`,
      };
    },
  };
}
