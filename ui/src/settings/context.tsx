import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { Language } from '../time/format.ts';
import { parseSettings, settingsKey, zoneOf, type Settings } from './settings.ts';

interface SettingsContextValue {
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
}

const SettingsContext = createContext<SettingsContextValue | undefined>(undefined);

export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const [settings, setSettings] = useState(readSettings);
  const change = useCallback((part: Partial<Settings>) => {
    setSettings((before) => {
      const next = { ...before, ...part };
      keepSettings(next);
      return next;
    });
  }, []);
  const value = useMemo(() => ({ settings, change }), [settings, change]);
  return <SettingsContext value={value}>{children}</SettingsContext>;
}

export function useSettings(): SettingsContextValue {
  const value = useContext(SettingsContext);
  if (value === undefined) throw new Error('useSettings outside SettingsProvider');
  return value;
}

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Zone and language that times are shown in. */
export function useTimeStyle(): { readonly zone: string; readonly language: Language } {
  const { settings } = useSettings();
  return { zone: zoneOf(settings, browserZone), language: settings.language };
}

// A browser may refuse storage altogether; the console then forgets, and works.
function readSettings(): Settings {
  try {
    return parseSettings(localStorage.getItem(settingsKey));
  } catch {
    return parseSettings(null);
  }
}

function keepSettings(settings: Settings): void {
  try {
    localStorage.setItem(settingsKey, JSON.stringify(settings));
  } catch {
    // Nothing can be done about it, and nothing is lost but the choice.
  }
}
