import { CanhError } from '../../platform/errors/index.ts';

/** Lets a few pieces of work run at a time. */
export interface Gate {
  /** Runs `work` when it is its turn. Throws `auth_locked` when too many are waiting already. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A gate before something expensive that strangers can ask for: every password check takes 19 MiB and a worker thread,
 * so without one a burst of sign-ins would take the memory and the threads of the whole process.
 */
export function createGate(limits: { readonly running: number; readonly waiting: number }): Gate {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    async run(work) {
      if (running >= limits.running) {
        if (queue.length >= limits.waiting) {
          throw new CanhError(
            'auth_locked',
            'Too many people are signing in at once; try again in a moment.',
          );
        }
        // Whoever wakes us hands over its own place, so `running` stays as it is.
        await new Promise<void>((resolve) => queue.push(resolve));
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
