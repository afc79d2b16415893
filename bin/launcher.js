// Plain JavaScript for any Node from 18 on: it hands over to the Node 24 that the sources need.
// `bin/canh` and every npm script go through it.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const NODE_MAJOR_MIN = 24;

/** Three threads with V8's usual room for young objects take 60 MB more at rest, and are no faster for it. */
const YOUNG_OBJECTS = '--max-semi-space-size=4';
export const nodeFlags = ['--disable-warning=ExperimentalWarning', YOUNG_OBJECTS];

/** Path of a Node that is new enough: the running one, else the platform package's; undefined when there is none. */
export function findNode() {
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', platform === 'win' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}

/** Runs `script` with `args` under Node 24: in this process where possible, else as a child that ends with it. */
export async function launch(script, args) {
  const node = findNode();
  if (node === undefined) {
    process.stderr.write(
      `canh: needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}, and no package with one is installed for ` +
        `${process.platform}-${process.arch}. Run "npm ci" without --omit=optional, or install Node ${NODE_MAJOR_MIN}.\n`,
    );
    process.exitCode = 69;
    return;
  }
  // Code that was read once is kept as compiled: the next start is faster and smaller. Elsewhere than in a checkout the
  // directory may not be writable, and then nothing is kept.
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/canh', import.meta.url));
  if (node === process.execPath) {
    module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
    setFlagsFromString(YOUNG_OBJECTS);
    process.argv = [node, script, ...args];
    await import(pathToFileURL(script).href);
    return;
  }
  // Pipe 3 is the child's lifeline: it closes when this process dies, however it dies. The number tells a program that
  // the child starts in its turn that the pipe is not its own.
  const child = spawn(node, [...nodeFlags, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      CANH_LIFELINE: String(process.pid),
      PATH: `${dirname(node)}:${process.env.PATH ?? ''}`,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  await launch(join(process.cwd(), script), args);
}
