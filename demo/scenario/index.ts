import { playDomainIntrusion } from './intrusion-domain.ts';
import { playMailIntrusion } from './intrusion-mail.ts';
import { playWebIntrusion } from './intrusion-web.ts';
import { createRandom } from './random.ts';
import { HOUR, MINUTE, type Script, type Step } from './step.ts';
import { playTraffic } from './traffic.ts';

export { HOUR, logs, type LogName, type Step } from './step.ts';

/** The web server's access log is rotated in the middle of the hour, while the web shell is in use. */
const ROTATION_AT = 31 * MINUTE;

export interface ScenarioOptions {
  readonly seed: number;
  /** Milliseconds since 1970 at which the hour begins: the lines carry times from there. */
  readonly start: number;
}

/** An hour of a city, in order of time. The same options always give the same steps. */
export function scenario({ seed, start }: ScenarioOptions): readonly Step[] {
  const steps: Step[] = [{ kind: 'rotate', atMs: ROTATION_AT, log: 'web-access' }];
  const script: Script = {
    random: createRandom(seed),
    timeOf: (atMs) => start + atMs,
    line: (atMs, log, text) => steps.push({ kind: 'line', atMs, log, text }),
    notice: (atMs, text) => steps.push({ kind: 'notice', atMs, text }),
  };
  playTraffic(script);
  playMailIntrusion(script);
  playWebIntrusion(script);
  playDomainIntrusion(script);
  return steps.filter(({ atMs }) => atMs >= 0 && atMs < HOUR).toSorted((a, b) => a.atMs - b.atMs);
}
