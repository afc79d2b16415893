import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../bin/launcher.js';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

const START_MS_MAX = 60_000;

/** A real `canh` process. */
export interface CanhProcess {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Resolves with the console's address; rejects when the process ends first. */
  ready(): Promise<string>;
  /** Sends a signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `canh` with these arguments, by this Node itself, so that a signal reaches the program and no launcher. */
export function startCanh(args: readonly string[]): CanhProcess {
  const child = spawn(process.execPath, [...nodeFlags, join(root, 'bin', 'main.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TZ: 'UTC' },
  });
  let output = '';
  const address = Promise.withResolvers<string>();
  // Nobody may be waiting when it ends.
  address.promise.catch(() => undefined);
  const add = (chunk: Buffer): void => {
    output += chunk.toString();
    const found = /Canh is ready: (\S+)/.exec(output);
    if (found?.[1] !== undefined) address.resolve(found[1]);
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const gone = once(child, 'exit').then(() => address.reject(new Error(`canh ended early:\n${output}`)));
  const timer = setTimeout(() => address.reject(new Error(`canh is not ready:\n${output}`)), START_MS_MAX);
  timer.unref();
  return {
    child,
    output: () => output,
    ready: () => address.promise,
    end: async (signal) => {
      child.kill(signal);
      await gone;
    },
  };
}
