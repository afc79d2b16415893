import type { WriteStream } from 'node:tty';

const WIDTH = 30;
const EVERY_MS = 100;

/** A progress bar on a terminal; nothing elsewhere. */
export function createProgress(
  stream: NodeJS.WriteStream | WriteStream,
  totalBytes: number | undefined,
): { read(bytes: number): void; end(): void } {
  if (!stream.isTTY) return { read: () => undefined, end: () => undefined };
  let read = 0;
  let shownAt = 0;
  return {
    read: (bytes) => {
      read += bytes;
      const now = performance.now();
      if (now - shownAt < EVERY_MS) return;
      shownAt = now;
      const share = totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, read / totalBytes);
      const megabytes = `${(read / 1e6).toFixed(1)} MB`;
      const bar =
        share === undefined
          ? ''
          : `[${'#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH)}] ${Math.round(share * 100)} % `;
      stream.write(`\r${bar}${megabytes}`);
    },
    end: () => {
      stream.write('\r\u001b[K');
    },
  };
}
