import { isIP } from 'node:net';
import type { EcsValue } from '../../platform/event.ts';

export type Ecs = Record<string, EcsValue>;

/** Puts one native value, never empty and never `-`, where ECS wants it. */
export type Setter = (ecs: Ecs, value: string) => void;

/** Native field and what becomes of it. */
export type Row = readonly [native: string, set: Setter];

const HASHES_MAX = 8;
const ADDRESSES_MAX = 32;
const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

export function text(name: string): Setter {
  return (ecs, value) => {
    ecs[name] = value;
  };
}

/** Whole number, decimal or `0x…`. */
export function number(name: string): Setter {
  return (ecs, value) => {
    const parsed = value.length <= 18 ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(parsed) && parsed >= 0) ecs[name] = parsed;
  };
}

/** A process id of the Security log; 0 stands for none there. */
export function callerId(name: string): Setter {
  const set = number(name);
  return (ecs, value) => {
    if (value !== '0' && value !== '0x0') set(ecs, value);
  };
}

/** A security identifier; the one of nobody is left out. */
export function sid(name: string): Setter {
  return (ecs, value) => {
    if (value !== 'S-1-0-0') ecs[name] = value;
  };
}

/** The name of a Kerberos principal `name@REALM`. */
export function principal(name: string): Setter {
  return (ecs, value) => {
    const at = value.indexOf('@');
    ecs[name] = at > 0 ? value.slice(0, at) : value;
  };
}

/** A GUID in braces, as Windows writes it; some exports leave them out. */
export function guid(name: string): Setter {
  return (ecs, value) => {
    if (!value.includes(EMPTY_GUID)) ecs[name] = value.startsWith('{') ? value : `{${value}}`;
  };
}

/** An address; one of IPv4 in IPv6 as IPv4. Anything else (`LOCAL`, a host name) is left out. */
export function ip(name: string): Setter {
  return (ecs, value) => {
    const address = toAddress(value);
    if (address !== undefined) ecs[name] = address;
  };
}

export function port(name: string): Setter {
  return (ecs, value) => {
    const parsed = Number(value);
    if (Number.isInteger(parsed) && parsed > 0 && parsed <= 65_535) ecs[name] = parsed;
  };
}

function toAddress(value: string): string | undefined {
  const plain = value.toLowerCase().startsWith('::ffff:') && value.includes('.') ? value.slice(7) : value;
  return isIP(plain) === 0 ? undefined : plain;
}

/** The part of a Windows path after its last separator. */
function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}

/** `<prefix>.executable` and `.name`. */
export function executable(prefix: string): Setter {
  const path = `${prefix}.executable`;
  const name = `${prefix}.name`;
  return (ecs, value) => {
    ecs[path] = value;
    ecs[name] = baseName(value);
  };
}

/** `<prefix>.path`, `.name`, and for files `.directory` and `.extension`. */
export function path(prefix: string): Setter {
  return (ecs, value) => {
    const name = baseName(value);
    ecs[`${prefix}.path`] = value;
    ecs[`${prefix}.name`] = name;
    if (prefix !== 'file') return;
    if (name.length + 1 < value.length) ecs['file.directory'] = value.slice(0, -name.length - 1);
    const dot = name.lastIndexOf('.');
    if (dot > 0 && dot < name.length - 1) ecs['file.extension'] = name.slice(dot + 1).toLowerCase();
  };
}

/** `DOMAIN\name` as `<prefix>.domain` and `<prefix>.name`. */
export function account(prefix: string): Setter {
  return (ecs, value) => {
    const at = value.indexOf('\\');
    ecs[`${prefix}.name`] = at < 0 ? value : value.slice(at + 1);
    if (at > 0) ecs[`${prefix}.domain`] = value.slice(0, at);
  };
}

/** Sysmon's `MD5=…,SHA256=…,IMPHASH=…` below `<prefix>.hash` and `<prefix>.pe.imphash`, in lower case. */
export function hashes(prefix: string): Setter {
  return (ecs, value) => {
    for (const part of value.split(',', HASHES_MAX)) {
      const at = part.indexOf('=');
      const kind = part.slice(0, Math.max(at, 0)).trim().toLowerCase();
      const digest = part.slice(at + 1).toLowerCase();
      if (!isDigest(digest)) continue;
      if (kind === 'imphash') ecs[`${prefix}.pe.imphash`] = digest;
      else if (kind === 'md5' || kind === 'sha1' || kind === 'sha256') ecs[`${prefix}.hash.${kind}`] = digest;
    }
  };
}

/** A digest that is not all zeros, which Sysmon writes where it has none. */
function isDigest(value: string): boolean {
  return /^[0-9a-f]{32,64}$/.test(value) && !/^0+$/.test(value);
}

const HIVES: ReadonlyMap<string, string> = new Map([
  ['hklm', 'HKLM'],
  ['hkey_local_machine', 'HKLM'],
  ['hku', 'HKU'],
  ['hkey_users', 'HKU'],
  ['hkcr', 'HKCR'],
  ['hkey_classes_root', 'HKCR'],
  ['hkcu', 'HKCU'],
  ['hkey_current_user', 'HKCU'],
]);

/** Path, hive, key and, where the path ends in one, value of a registry object. */
export function registry(withValue: boolean): Setter {
  return (ecs, value) => {
    ecs['registry.path'] = value;
    const first = value.indexOf('\\');
    const hive = first < 0 ? undefined : HIVES.get(value.slice(0, first).toLowerCase());
    if (hive === undefined) return;
    ecs['registry.hive'] = hive;
    const key = value.slice(first + 1);
    const last = key.lastIndexOf('\\');
    if (withValue && last > 0) ecs['registry.value'] = key.slice(last + 1);
    ecs['registry.key'] = withValue && last > 0 ? key.slice(0, last) : key;
  };
}

export function list(name: string): Setter {
  return (ecs, value) => {
    ecs[name] = [value];
  };
}

/** `true` and `false` of Sysmon as a boolean. */
export function flag(name: string): Setter {
  return (ecs, value) => {
    ecs[name] = value.toLowerCase() === 'true';
  };
}

/** Addresses in the `QueryResults` of Sysmon 22: `type:  5 name;::ffff:203.0.113.9;`. */
export const resolvedAddresses: Setter = (ecs, value) => {
  const found = new Set<string>();
  for (const part of value.split(';', ADDRESSES_MAX)) {
    const address = toAddress(part.trim());
    if (address !== undefined) found.add(address);
  }
  if (found.size > 0) ecs['dns.resolved_ip'] = [...found];
};

const TRANSPORTS: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
]);

/** The transport, by name or by IANA number. */
export const transport: Setter = (ecs, value) => {
  const name = TRANSPORTS.get(value) ?? value.toLowerCase();
  if (name.length <= 16) ecs['network.transport'] = name;
};

/** Sysmon's `Initiated`: whether this host opened the connection. */
export const initiated: Setter = (ecs, value) => {
  ecs['network.direction'] = value.toLowerCase() === 'true' ? 'egress' : 'ingress';
};

/** The filtering platform's direction: message table 14592 is inbound, 14593 outbound. */
export const filterDirection: Setter = (ecs, value) => {
  if (value === '%%14592') ecs['network.direction'] = 'ingress';
  else if (value === '%%14593') ecs['network.direction'] = 'egress';
};

/** The member of a group: its distinguished name's first part. */
export const memberName: Setter = (ecs, value) => {
  const start = value.slice(0, 3).toUpperCase() === 'CN=' ? 3 : 0;
  const end = value.indexOf(',', start);
  const name = end < 0 ? value.slice(start) : value.slice(start, end);
  const at = name.indexOf('\\');
  ecs['user.target.name'] = at < 0 ? name : name.slice(at + 1);
};

/** The command line that started PowerShell, out of the text block in which its events carry it. */
export function hostApplication(marker: string): Setter {
  return (ecs, value) => {
    const at = value.indexOf(marker);
    if (at < 0) return;
    const end = value.indexOf('\n', at);
    const line = value.slice(at + marker.length, end < 0 ? undefined : end).trim();
    if (line !== '') ecs['process.command_line'] = line;
  };
}

/** A path of Defender: `file:_C:\…`, several parted by `;`. */
export const threatPath: Setter = (ecs, value) => {
  const end = value.indexOf(';');
  const first = end < 0 ? value : value.slice(0, end);
  if (first.startsWith('file:_')) path('file')(ecs, first.slice('file:_'.length));
};
