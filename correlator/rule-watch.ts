import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { messageOf } from '../platform/errors/index.ts';
import type { Logger } from '../platform/log.ts';
import { ruleFiles } from './rule-files.ts';

/** How often the rule directories are looked at. */
const LOOK_MS = 5000;
/** Files looked at together. */
const CHUNK_MAX = 64;

export interface RuleWatchOptions {
  readonly paths: readonly string[];
  /** `signatureOf` the paths, taken before what is in use was loaded. */
  readonly signature: string;
  /** Loads and takes over what lies there now. */
  readonly reload: () => void;
  readonly log: Logger;
  readonly lookMs?: number | undefined;
}

export interface RuleWatch {
  /** Resolves when no look is under way any more. */
  stop(): Promise<void>;
}

/**
 * Looks at the rule directories again and again, and calls `reload` once after they changed and then stayed as they were
 * for one look: a set that is still being copied is not loaded in halves.
 */
export function watchRules(options: RuleWatchOptions): RuleWatch {
  const { paths, reload, log, lookMs = LOOK_MS } = options;
  let loaded = options.signature;
  let seen = loaded;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const now = await signatureOf(paths);
    const settled = now === seen;
    seen = now;
    if (!settled || now === loaded) return;
    loaded = now;
    reload();
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    looking = look()
      .catch((error: unknown) => {
        log.warn('Changed rules could not be loaded; those before go on.', { detail: messageOf(error) });
      })
      .finally(() => {
        busy = false;
      });
  }, lookMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

/** Changes whenever a file comes, goes, or is written: of paths, sizes and times of change. */
export async function signatureOf(paths: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const path of paths) {
    const files = filesUnder(path);
    for (let at = 0; at < files.length; at += CHUNK_MAX) {
      parts.push(...(await Promise.all(files.slice(at, at + CHUNK_MAX).map(signFile))));
    }
  }
  return hash('sha256', parts.join('\n'));
}

async function signFile(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return JSON.stringify([path, size, mtimeMs, ino]);
  } catch {
    return JSON.stringify([path]);
  }
}

/** A path that is not there (any more) is signed by its name alone. */
function filesUnder(path: string): readonly string[] {
  try {
    return ruleFiles(path);
  } catch {
    return [path];
  }
}
