import type { TimedEvent } from '../../../sigma/correlate/contract.ts';
import type { Punctuality, PunctualityOf } from './oracle.ts';

/** What reaches a correlator: an event, or the trusted clock alone. */
export type Step = { readonly event: TimedEvent } | { readonly tick: number };

export interface WatermarkOptions {
  readonly latenessMs: number;
  readonly idleMs: number;
}

interface Collector {
  readonly agency: string;
  /** Largest min(time, accepted + 5 min). */
  time: number;
  accepted: number;
  idle: boolean;
  /** How often it became idle: late groups end there. */
  idles: number;
}

const aheadMsMax = 5 * 60_000;
const behindMsMax = 86_400_000;

/**
 * How each event of a sequence came: by watermarks that are recalculated from everything seen before, one for each
 * agency and one for the city.
 */
export function punctualityOf(
  steps: readonly Step[],
  { latenessMs, idleMs }: WatermarkOptions,
): PunctualityOf {
  const found = new Map<string, Punctuality>();
  const collectors = new Map<string, Collector>();
  const watermarks = new Map<string, number>();
  let city = -Infinity;
  let clock = -Infinity;

  const slowest = (agency: string): number => {
    const busy = [...collectors.values()].filter((each) => each.agency === agency && !each.idle);
    const sane = busy.filter(({ time }) => clock - time <= behindMsMax);
    const holding = sane.length === 0 ? busy : sane;
    return holding.length === 0 ? clock : Math.min(...holding.map(({ time }) => time));
  };

  for (const step of steps) {
    clock = Math.max(clock, 'tick' in step ? step.tick : step.event.accepted);
    if ('event' in step) {
      const { agency, collector, time, accepted } = step.event;
      const seen = collectors.get(collector);
      collectors.set(collector, {
        agency,
        time: Math.max(seen?.time ?? -Infinity, Math.min(time, accepted + aheadMsMax)),
        accepted: Math.max(seen?.accepted ?? -Infinity, accepted),
        idle: seen?.idle ?? false,
        idles: seen?.idles ?? 0,
      });
      if (!watermarks.has(agency)) watermarks.set(agency, -Infinity);
    }
    for (const each of collectors.values()) {
      const idle = clock - each.accepted >= idleMs;
      if (idle && !each.idle) each.idles += 1;
      each.idle = idle;
    }
    for (const [agency, before] of watermarks)
      watermarks.set(agency, Math.max(before, wholeSecond(slowest(agency) - latenessMs)));
    city = Math.max(city, Math.min(...watermarks.values()));
    if ('tick' in step) continue;
    const { id, agency, collector, time } = step.event;
    const { time: newest, idles } = collectors.get(collector) ?? { time: -Infinity, idles: 0 };
    const own = wholeSecond(newest - latenessMs);
    const came = (watermark: number): Punctuality =>
      time >= watermark ? 'in time' : time >= own ? { late: `${collector} ${idles}` } : 'too late';
    found.set(`agency ${id}`, came(watermarks.get(agency) ?? -Infinity));
    found.set(`city ${id}`, came(city));
  }
  return ({ id }, scope) => found.get(`${scope} ${id}`) ?? 'in time';
}

function wholeSecond(time: number): number {
  return Number.isFinite(time) ? Math.floor(time / 1000) * 1000 : time;
}
