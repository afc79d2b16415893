import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { tinykeys } from 'tinykeys';
import { useSettings } from '../settings/context.tsx';
import { mergeBindings, ownKeys, type Bindings } from './bindings.ts';

interface Registry {
  readonly add: (part: RefObject<Bindings>) => () => void;
}

const KeysContext = createContext<Registry | undefined>(undefined);

/** Listens for single keys and sequences, once for the whole screen, while the analyst wants them. */
export function KeysProvider({ children }: { readonly children: ReactNode }) {
  const { shortcuts } = useSettings().settings;
  const [parts, setParts] = useState<readonly RefObject<Bindings>[]>([]);
  const registry = useMemo<Registry>(
    () => ({
      add(part) {
        setParts((held) => [...held, part]);
        return () => setParts((held) => held.filter((item) => item !== part));
      },
    }),
    [],
  );
  useEffect(() => {
    if (!shortcuts) return undefined;
    return tinykeys(window, mergeBindings(parts.map(forwarded)), { ignore: isElsewhere });
  }, [parts, shortcuts]);
  return <KeysContext value={registry}>{children}</KeysContext>;
}

/** Binds single keys while the component is there. The set of keys is taken at the first render. */
export function useKeys(bindings: Bindings): void {
  const registry = useContext(KeysContext);
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => registry?.add(latest), [registry]);
}

/** The same keys, each calling what is bound at that moment. */
function forwarded(part: RefObject<Bindings>): Bindings {
  const keys = Object.keys(part.current);
  return Object.fromEntries(keys.map((key) => [key, (event: KeyboardEvent) => part.current[key]?.(event)]));
}

function isElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    event.isComposing ||
    event.defaultPrevented ||
    (target instanceof Element && target.closest(ownKeys) !== null)
  );
}
