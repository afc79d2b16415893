import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { readChunks } from '../../../correlator/scan/chunks.ts';
import { scanFiles } from '../../../correlator/scan/scan-files.ts';
import { documentsOf } from '../../../correlator/scan/scanner.ts';
import { createSplitter, type FileDocument } from '../../../correlator/scan/splitter.ts';
import { loadRules } from '../../../sigma/index.ts';

let directory = '';
const at = (name: string): string => join(directory, name);
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'canh-scan-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

async function documentsIn(source: Parameters<typeof readChunks>[0], chunkBytes: number) {
  const found: FileDocument[] = [];
  let before = 0;
  let chunks = 0;
  for await (const chunk of readChunks(source, { chunkBytes })) {
    const { documents, lines } = documentsOf(chunk);
    found.push(...documents.map(({ text, line }) => ({ text, line: before + line })));
    before += lines;
    chunks += 1;
  }
  return { found, chunks };
}

const json = (n: number): string =>
  JSON.stringify({ n, text: 'đ'.repeat(n % 7), inner: [{ a: '}\n{' }, {}] });
const forms: Readonly<Record<string, (documents: readonly string[]) => string>> = {
  'an object a line': (documents) => documents.join('\n'),
  'an object a line, CRLF': (documents) => `${documents.join('\r\n')}\r\n`,
  'pretty-printed objects': (documents) =>
    documents.map((text) => JSON.stringify(JSON.parse(text), undefined, 2)).join('\n'),
  'an array': (documents) => `[\n${documents.join(',\n')}\n]\n`,
  'objects without anything between': (documents) => documents.join(''),
  'log lines': (documents) => `Nov 23 10:00:00 host a[1]: x\n${documents.join('\n\n')}`,
};

describe('readChunks', () => {
  for (const [form, write] of Object.entries(forms))
    it(`cuts ${form} without changing a document or its line`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat(30), { minLength: 1, maxLength: 30 }),
          fc.integer({ min: 1, max: 300 }),
          fc.boolean(),
          async (numbers, chunkBytes, live) => {
            const text = write(numbers.map(json));
            const splitter = createSplitter();
            const expected = [...splitter.push(text), ...splitter.end()];
            const bytes = Buffer.from(text);
            const pieces = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, n) =>
              bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes),
            );
            writeFileSync(at('form'), bytes);
            const source = { path: at('form'), ...(live ? { stream: Readable.from(pieces) } : {}) };
            expect((await documentsIn(source, chunkBytes)).found).to.deep.equal(expected);
          },
        ),
        { numRuns: 40 },
      );
    });

  it('cuts what it unpacks', async () => {
    writeFileSync(at('packed'), gzipSync(Array.from({ length: 500 }, (_, n) => json(n)).join('\n')));
    const { found, chunks } = await documentsIn({ path: at('packed') }, 1000);
    expect(found.map(({ line }) => line)).to.deep.equal(Array.from({ length: 500 }, (_, n) => n + 1));
    expect(chunks).to.be.greaterThan(10);
  });
});

const rule = `
title: Shell
name: shell
level: high
logsource: { product: linux, service: auditd }
detection: { s: { exe|endswith: /sh }, condition: s }
---
title: Five shells of one user
level: high
correlation:
  type: event_count
  rules: [shell]
  group-by: [auid]
  timespan: 1h
  condition: { gte: 5 }
  generate: true
`;
const { problems, ...ruleSet } = loadRules([{ file: 'x', text: rule }]);

/** Audit records of `count` calls, whose records are mixed with those of the calls around them. */
function auditLog(count: number): string {
  const records: [number, string][] = [];
  for (let n = 0; n < count; n += 1) {
    const stamp = `msg=audit(17954${String(n).padStart(5, '0')}.100:${n})`;
    records.push(
      [
        n,
        `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=9 pid=${n} auid=${n % 3} uid=0 comm="x" exe="${n % 4 === 0 ? '/bin/sh' : '/bin/ls'}"`,
      ],
      [n + 1.5, `type=EXECVE ${stamp}: argc=1 a0="x${n}"`],
      [n + 2.6, `type=PATH ${stamp}: item=0 name="/bin/x"`],
      // Of every third call the last record never comes.
      ...(n % 3 === 0 ? [] : [[n + 3.7, `type=PROCTITLE ${stamp}: proctitle=7800`] as [number, string]]),
    );
  }
  return records
    .toSorted(([a], [b]) => a - b)
    .map(([, record]) => record)
    .join('\n');
}

/** Everything that is found, with absolute lines, and the sums. */
async function scan(files: readonly string[], options: { workers: number; chunkBytes?: number }) {
  const found: unknown[] = [];
  const sums = { events: 0, unparsed: 0, failures: 0 };
  const unreadable: string[] = [];
  await scanFiles(
    files.map((path) => ({ path })),
    {
      ruleSet,
      accepted: Date.UTC(2026, 10, 23),
      explained: true,
      ...options,
      onResult: (result, { file, lines }) => {
        for (const key of ['events', 'unparsed', 'failures'] as const) sums[key] += result[key];
        found.push(...result.found.map((one) => ({ ...one, file, line: lines + one.line })));
        return Promise.resolve();
      },
      onUnreadable: (file) => void unreadable.push(file),
    },
  );
  return { found, sums, unreadable };
}

describe('scanFiles', function () {
  this.timeout(60_000);
  before(() => {
    writeFileSync(at('audit.log'), auditLog(400));
    writeFileSync(at('other.log'), 'Nov 23 10:00:00 mail01 sshd[812]: Connection closed\n'.repeat(300));
    writeFileSync(at('late.log'), `${'Nov 23 10:00:00 a sshd[8]: x\n'.repeat(50)}${auditLog(60)}\n`);
  });

  it('gives the same whatever the threads and the size of pieces, also where records are joined', async () => {
    const files = [at('audit.log'), at('other.log'), at('none.log'), at('late.log')];
    const whole = await scan(files, { workers: 1 });
    expect(whole.sums.events).to.equal(400 + 300 + 50 + 60);
    expect(whole.found).to.have.length(100 + 15);
    expect(whole.unreadable).to.deep.equal([at('none.log')]);
    for (const [workers, chunkBytes] of [
      [1, 500],
      [2, 700],
      [3, 150],
    ] as const)
      expect(await scan(files, { workers, chunkBytes }), `${workers} ${chunkBytes}`).to.deep.equal(whole);
  });

  it('gives what correlations ask of an event, and the reason', async () => {
    const { found } = await scan([at('audit.log')], { workers: 2, chunkBytes: 3000 });
    expect(found[0]).to.deep.include({ line: 10, fields: { auid: '1' }, file: at('audit.log') });
    expect(JSON.stringify(found[0])).to.include('/bin/sh');
  });

  it('ends with the failure of who is told', async () => {
    const failing = scanFiles([{ path: at('other.log') }], {
      ruleSet,
      accepted: 0,
      explained: false,
      workers: 2,
      chunkBytes: 100,
      onResult: () => Promise.reject(new Error('no more')),
      onUnreadable: () => undefined,
    });
    expect(await failing.then(() => 'done', String)).to.equal('Error: no more');
    expect(problems).to.deep.equal([]);
  });
});
