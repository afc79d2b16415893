import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { loadRules } from '../../correlator/index.ts';
import { HOUR, scenario } from '../../demo/scenario/index.ts';
import type { Event } from '../../platform/event.ts';
import { correlate, detect, eventsOfHour, linesOf, SEED, START, type Detection } from './detections.ts';

const MINUTE = 60_000;
const rulesDirectory = join(dirname(fileURLToPath(import.meta.url)), '../../rules');

/** Which rules each stage must fire, between which minutes of the hour. */
const stages = [
  {
    stage: 'the mail server',
    from: 3,
    to: 18,
    rules: [
      'linux/lnx_ssh_root_login_failed_from_outside',
      'linux/lnx_ssh_password_login_from_outside',
      'linux/lnx_sudo_root_shell',
      'linux/lnx_user_created_with_root_id',
      'linux/lnx_log_cleared',
      'linux/lnx_ssh_root_password_login',
    ],
  },
  {
    stage: 'the portal',
    from: 19,
    to: 34,
    rules: [
      'web/web_scanner_user_agent',
      'web/web_path_traversal_probe',
      'web/web_sql_injection_attempt',
      'web/web_log4shell_attempt',
      'web/web_php_wrapper',
      'web/web_cross_site_scripting_probe',
      'web/web_admin_panel_from_outside',
      'web/web_path_traversal_file_served',
      'web/web_secret_file_exposed',
      'web/web_command_injection_attempt',
      'web/web_webshell_in_upload_directory',
      'web/web_webshell_command',
      'linux/lnx_web_server_spawned_shell',
    ],
  },
  {
    stage: 'the domain controller',
    from: 38,
    to: 55,
    rules: [
      'windows/win_powershell_encoded_command',
      'windows/win_certutil_download',
      'windows/win_lsass_memory_read',
      'windows/win_recovery_removed',
      'windows/win_local_administrator_added',
      'windows/win_security_log_cleared',
    ],
  },
] as const;

/** Correlations that must fire, and the minute of the event that makes them. */
const correlated = [
  ['ssh_password_spraying', 6],
  ['ssh_brute_force', 6],
  ['ssh_guessed_password', 9],
  ['web_many_missing_pages', 24],
  ['web_probe_then_webshell', 30],
  ['win_password_spraying', 38],
  ['win_administrator_then_log_cleared', 54],
] as const;

/** The id of the rule in a file below `rules/`. */
function idOf(name: string): string | undefined {
  return loadRules([join(rulesDirectory, `${name}.yml`)]).rules[0]?.id;
}

describe('scenario', () => {
  let events: readonly Event[];
  let detections: readonly Detection[];

  before(() => {
    events = eventsOfHour();
    detections = detect(events, loadRules([rulesDirectory]).ruleSet);
  });

  it('is the same for the same seed', () => {
    expect(scenario({ seed: SEED, start: START })).to.deep.equal(scenario({ seed: SEED, start: START }));
  });

  it('is another for another seed, with the same intrusion', () => {
    expect(linesOf(7)).to.not.deep.equal(linesOf());
    const commands = (seed: number): readonly string[] =>
      linesOf(seed)
        .map(({ text }) => text)
        .filter((text) => text.includes('?cmd='));
    expect(commands(7)).to.deep.equal(commands(SEED));
  });

  it('goes forward in time and ends within the hour', () => {
    const times = scenario({ seed: SEED, start: START }).map(({ atMs }) => atMs);
    expect(times).to.deep.equal(times.toSorted((a, b) => a - b));
    expect(times.at(0)).to.be.at.least(0);
    expect(times.at(-1)).to.be.below(HOUR);
  });

  it('holds nothing that the integrations cannot read', () => {
    expect(
      events.filter(({ parser }) => parser.name === 'unparsed').map(({ original }) => original),
    ).to.deep.equal([]);
  });

  it('writes lines whose times are those of the steps', () => {
    for (const event of events)
      expect(Math.abs(event.time - event.accepted), event.original).to.be.below(2000);
  });

  it('names no address outside private and documentation networks', () => {
    const addresses = linesOf().flatMap(({ text }) => text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? []);
    const fine = /^(?:10\.|127\.0\.0\.1|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/;
    const versions = /^\d{1,3}\.0\.0\.0$/;
    expect(addresses.filter((address) => !fine.test(address) && !versions.test(address))).to.deep.equal([]);
  });

  it('is worth an alert within its first minute and a half', () => {
    const first = Math.min(...detections.map(({ event }) => event.time));
    expect(first - START).to.be.below(1.5 * MINUTE);
  });

  for (const { stage, from, to, rules } of stages) {
    it(`fires the rules for ${stage}, when it is attacked`, () => {
      const during = detections.filter(({ event }) => {
        const minute = (event.time - START) / MINUTE;
        return minute >= from && minute < to;
      });
      const fired = new Set(during.map(({ rule }) => rule.id));
      expect(rules.filter((name) => !fired.has(idOf(name)))).to.deep.equal([]);
    });
  }

  it('leaves the traffic of the city without alerts, but for the census', () => {
    const quiet = detections.filter(({ event }) => {
      const text = event.original;
      return !['198.51.100.77', '203.0.113.66', 'vanthu', '10.20.1.10', 'quantri.saoluu', 'uid=33'].some(
        (mark) => text.includes(mark),
      );
    });
    const marks = ['zgrab', 'mailsync', '7045', 'lsass'];
    expect(
      quiet.map(({ event }) => event.original).filter((text) => !marks.some((mark) => text.includes(mark))),
    ).to.deep.equal([]);
  });

  it('makes correlations of the intrusion, of each stage as it goes, and of nothing else', () => {
    const signals = correlate(events, loadRules([rulesDirectory]).ruleSet);
    const first = new Map<string | undefined, number>();
    for (const { kind, correlation, trigger } of signals)
      if (kind === 'fired') first.set(correlation.name, Math.floor((trigger.time - START) / MINUTE));
    expect([...first].toSorted(([, a], [, b]) => a - b)).to.deep.equal(correlated);
    // Each is one episode.
    expect(signals.filter(({ kind }) => kind === 'fired')).to.have.length(correlated.length);
  });

  it('gives 25 to 60 alerts of at least 12 rules and 4 levels', () => {
    expect(detections.length).to.be.within(25, 60);
    expect(new Set(detections.map(({ rule }) => rule.id)).size).to.be.at.least(12);
    expect(new Set(detections.map(({ rule }) => rule.level)).size).to.be.at.least(4);
  });
});
