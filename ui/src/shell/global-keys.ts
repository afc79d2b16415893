import { useNavigate } from '@tanstack/react-router';
import { useKeys } from '../keys/context.tsx';
import { useNotices } from '../notices/context.tsx';
import { useAddress } from '../queue/use-address.ts';
import { useSettings } from '../settings/context.tsx';
import { shiftRange, zoomOut, type TimeRange } from '../time/range.ts';

export const queryFieldId = 'query';

/** Keys that work on every page. */
export function useGlobalKeys(showHelp: () => void): void {
  const navigate = useNavigate();
  const { undo } = useNotices();
  const { settings, change } = useSettings();
  const address = useAddress();
  const move = (next: (range: TimeRange) => TimeRange) => () => {
    if (address.page !== undefined) address.change({ range: next(address.search.range) });
  };
  const go = (to: '/alerts' | '/search' | '/sources' | '/settings/health') => () => void navigate({ to });
  useKeys({
    'g a': go('/alerts'),
    'g s': go('/search'),
    'g o': go('/sources'),
    'g h': go('/settings/health'),
    '/': (event) => {
      event.preventDefault();
      document.getElementById(queryFieldId)?.focus();
    },
    '[Shift]+?': showHelp,
    z: () => change({ utc: !settings.utc }),
    u: undo,
    BracketLeft: move((range) => shiftRange(range, -1, Date.now())),
    BracketRight: move((range) => shiftRange(range, 1, Date.now())),
    Minus: move((range) => zoomOut(range, Date.now())),
  });
}
