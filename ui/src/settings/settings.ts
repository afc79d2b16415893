import { isZone } from '../time/zone.ts';
import type { Language } from '../time/format.ts';

/** An analyst's own choices, kept in the browser. */
export interface Settings {
  readonly language: Language;
  /** IANA zone; empty follows the browser. */
  readonly zone: string;
  /** Shows UTC instead of the zone. */
  readonly utc: boolean;
  /** Single-key shortcuts; WCAG 2.1.4 wants them to be switched off at will. */
  readonly shortcuts: boolean;
  /** Asks now and then whether there are new alerts (WCAG 2.2.2: can be paused). */
  readonly live: boolean;
}

const defaultSettings: Settings = {
  language: 'vi',
  zone: '',
  utc: false,
  shortcuts: true,
  live: true,
};
export const settingsKey = 'canh.settings';

/** Reads what was kept; anything unreadable falls back to the default, field by field. */
export function parseSettings(text: string | null): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    return defaultSettings;
  }
  if (typeof value !== 'object' || value === null) return defaultSettings;
  const kept: Readonly<Record<string, unknown>> = { ...value };
  const flag = (name: 'utc' | 'shortcuts' | 'live'): boolean => {
    const held = kept[name];
    return typeof held === 'boolean' ? held : defaultSettings[name];
  };
  const zone = kept['zone'];
  return {
    language: kept['language'] === 'en' ? 'en' : 'vi',
    zone: typeof zone === 'string' && zone !== '' && isZone(zone) ? zone : '',
    utc: flag('utc'),
    shortcuts: flag('shortcuts'),
    live: flag('live'),
  };
}

/** The zone that times are shown in. */
export function zoneOf(settings: Settings, browserZone: string): string {
  if (settings.utc) return 'UTC';
  return settings.zone === '' ? browserZone : settings.zone;
}
