import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { integrations, reparse } from '../../integrations/index.ts';
import type { Event } from '../../platform/event.ts';
import type { Hints } from '../../platform/record.ts';
import { eventsOf } from './records.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../integrations');
const GOLDEN = '.golden.json';
const SAMPLE = new Set(['.log', '.json', '.xml']);

/** What a sample's golden file holds of an event: everything but where its record came from. */
function goldenOf(event: Event): unknown {
  const { time, logsource, ecs, native, aliases, parser, record } = event;
  return {
    time: new Date(time).toISOString(),
    parser: parser.name,
    seq: record.seq,
    ordinal: record.ordinal,
    records: record.records,
    logsource,
    ecs,
    native,
    aliases,
  };
}

/** Lines of a sample that are no comment; an optional first comment `#hints {…}` sets the input's hints. */
function readSample(path: string): { readonly lines: readonly string[]; readonly hints: Hints } {
  const all = readFileSync(path, 'utf8').split('\n');
  const hinted = all.find((line) => line.startsWith('#hints '));
  const hints = hinted === undefined ? {} : (JSON.parse(hinted.slice('#hints '.length)) as Hints);
  return { lines: all.filter((line) => line !== '' && line !== hinted), hints };
}

function samplesOf(id: string): readonly string[] {
  const folder = join(root, id, 'samples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => SAMPLE.has(extname(name)) && !name.endsWith(GOLDEN))
    .map((name) => join(folder, name));
}

describe('integrations', () => {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  for (const folder of folders) {
    for (const sample of samplesOf(folder)) {
      const name = basename(sample);
      const golden = join(dirname(sample), basename(name, extname(name)) + GOLDEN);

      it(`turn ${folder}/${name} into its golden events`, () => {
        const { lines, hints } = readSample(sample);
        const actual: unknown = JSON.parse(JSON.stringify(eventsOf(lines, hints).map(goldenOf)));
        if (process.env['UPDATE_GOLDEN'] === '1') {
          writeFileSync(golden, `${JSON.stringify(actual, null, 2)}\n`);
          return;
        }
        expect(existsSync(golden), 'UPDATE_GOLDEN=1 writes the golden file').to.equal(true);
        expect(actual).to.deep.equal(JSON.parse(readFileSync(golden, 'utf8')));
      });

      it(`give the same native view when ${folder}/${name} is parsed again`, () => {
        const { lines, hints } = readSample(sample);
        for (const event of eventsOf(lines, hints)) {
          const again = reparse(event.original, {
            accepted: event.accepted,
            hints,
            parser: event.parser.name,
          });
          expect(again[event.record.ordinal]?.native).to.deep.equal(event.native);
        }
      });
    }
  }

  it('have ids that are unique and the names of their folders', () => {
    const ids = integrations.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(folders).to.include(id);
  });

  it('list every logsource that their sample events have', () => {
    for (const { id, logsources } of integrations) {
      const listed = new Set(
        logsources.map((source) => JSON.stringify(source, Object.keys(source).toSorted())),
      );
      for (const sample of samplesOf(id)) {
        const { lines, hints } = readSample(sample);
        for (const event of eventsOf(lines, hints)) {
          if (event.parser.name !== id) continue;
          for (const source of event.logsource) {
            const key = JSON.stringify(source, Object.keys(source).toSorted());
            expect(listed.has(key), `${id} does not list ${key}`).to.equal(true);
          }
        }
      }
    }
  });
});
