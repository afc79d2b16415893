import type { Line } from '../contract.ts';

/** Which server wrote a line, as far as its circumstances tell: the two write the same access lines. */
export type Server = 'nginx' | 'apache';

const TAG = /^(nginx|apache2?|httpd)(?:\[\d{1,10}\])?: /;
const APPS: Readonly<Record<string, Server>> = {
  nginx: 'nginx',
  apache: 'apache',
  apache2: 'apache',
  httpd: 'apache',
};

/** The line without carriage return and without a syslog tag that is still in front, and the server behind it. */
export function serverLine(line: Line): { readonly text: string; readonly server: Server | undefined } {
  const message = line.message.endsWith('\r') ? line.message.slice(0, -1) : line.message;
  const tag = TAG.exec(message);
  const text = tag === null ? message : message.slice(tag[0].length);
  const server =
    serverNamed(line.hints.product) ??
    serverNamed(tag?.[1]) ??
    serverNamed(line.envelope?.app) ??
    serverOfPath(line.path);
  return { text, server };
}

function serverNamed(name: string | undefined): Server | undefined {
  if (name === undefined) return undefined;
  const key = name.toLowerCase();
  return Object.hasOwn(APPS, key) ? APPS[key] : undefined;
}

function serverOfPath(path: string | undefined): Server | undefined {
  if (path === undefined) return undefined;
  if (path.includes('nginx')) return 'nginx';
  return path.includes('apache') || path.includes('httpd') ? 'apache' : undefined;
}
