import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';

/** A sentence about what has just happened, with at most one thing to do about it. */
export interface Notice {
  readonly text: string;
  readonly tone?: 'done' | 'failed';
  readonly undo?: () => void;
}

interface NoticesValue {
  readonly notice: Notice | undefined;
  readonly say: (notice: Notice) => void;
  readonly dismiss: () => void;
  /** Runs the notice's `undo`, if it is still there. */
  readonly undo: () => void;
}

/** How long a decision can be undone by one key. */
const NOTICE_MS = 10_000;

const NoticesContext = createContext<NoticesValue | undefined>(undefined);

export function NoticesProvider({ children }: { readonly children: ReactNode }) {
  const [notice, setNotice] = useState<Notice>();
  const current = useRef<Notice>(undefined);
  const show = useCallback((next: Notice | undefined) => {
    current.current = next;
    setNotice(next);
  }, []);
  useEffect(() => {
    if (notice === undefined) return undefined;
    const timer = setTimeout(() => show(undefined), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice, show]);
  const value = useMemo(
    () => ({
      notice,
      say: show,
      dismiss: () => show(undefined),
      undo: () => {
        const action = current.current?.undo;
        show(undefined);
        action?.();
      },
    }),
    [notice, show],
  );
  return <NoticesContext value={value}>{children}</NoticesContext>;
}

export function useNotices(): NoticesValue {
  const value = useContext(NoticesContext);
  if (value === undefined) throw new Error('useNotices outside NoticesProvider');
  return value;
}
