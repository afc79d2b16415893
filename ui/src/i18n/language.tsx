import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useSettings } from '../settings/context.tsx';
import type { Language } from '../time/format.ts';
import type { Messages } from './en.ts';

const loaders: Readonly<Record<Language, () => Promise<Messages>>> = {
  vi: async () => (await import('./vi.ts')).vi,
  en: async () => (await import('./en.ts')).en,
};

const MessagesContext = createContext<Messages | undefined>(undefined);

/** Loads the catalogue of the chosen language; the one before stays until the next is there. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const { language } = useSettings().settings;
  const [messages, setMessages] = useState<Messages>();
  useEffect(() => {
    let wanted = true;
    void loaders[language]().then((loaded) => {
      if (!wanted) return;
      document.documentElement.lang = language;
      setMessages(loaded);
    });
    return () => {
      wanted = false;
    };
  }, [language]);
  if (messages === undefined) return null;
  return <MessagesContext value={messages}>{children}</MessagesContext>;
}

export function useMessages(): Messages {
  const messages = useContext(MessagesContext);
  if (messages === undefined) throw new Error('useMessages outside LanguageProvider');
  return messages;
}
