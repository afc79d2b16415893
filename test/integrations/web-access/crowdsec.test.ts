import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createNormaliser } from '../../../integrations/index.ts';
import type { EcsValue, Event } from '../../../platform/event.ts';
import { recordOf } from '../records.ts';

const data = process.env['CANH_TEST_DATA'];

/** Their name of a value → ours. */
const FIELDS: Readonly<Record<string, (event: Event) => EcsValue | undefined>> = {
  source_ip: (event) => event.ecs['source.ip'],
  http_status: (event) => event.ecs['http.response.status_code'],
  http_path: (event) => event.ecs['url.original'],
  http_verb: (event) => event.ecs['http.request.method'],
  http_user_agent: (event) => event.ecs['user_agent.original'] ?? '-',
};

/** `compared`: the least number of values that their assertions name for lines of the folder. */
const sets = [
  { folder: 'nginx_http-logs', product: 'nginx', compared: 120 },
  { folder: 'apache2-logs', product: 'apache', compared: 34 },
  { folder: 'nginx-http-path-traversal', product: 'nginx', compared: 0 },
  { folder: 'nginx-http-sqli-probing', product: 'nginx', compared: 0 },
  { folder: 'apache-http-probing', product: 'apache', compared: 0 },
  { folder: 'modsecurity-logs', product: 'apache', compared: 26 },
] as const;

/**
 * What their parser made of each line: `Parsed["message"]` names the line, `Meta["…"]` its values. Scenario assertions
 * name no line and are left out.
 */
function expectations(text: string): readonly { message: string; field: string; value: string }[] {
  const last =
    /results\["(s\d\d-[a-z]+)"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.(Parsed|Meta)\["([^"]+)"\] == (".*")$/;
  const messages = new Map<string, string>();
  const found: { message: string; field: string; value: string }[] = [];
  const rows = text
    .split('\n')
    .map((row) => last.exec(row))
    .filter((row) => row !== null);
  for (const [, stage, parser, index, , field = '', quoted = '""'] of rows) {
    const key = `${stage} ${parser} ${index}`;
    const value = JSON.parse(quoted) as string;
    if (field === 'message' && !messages.has(key)) messages.set(key, value);
    const message = messages.get(key);
    if (message !== undefined && Object.hasOwn(FIELDS, field)) found.push({ message, field, value });
  }
  return found;
}

describe('web logs of others', () => {
  for (const { folder, product, compared } of sets) {
    it(`${folder} are read as their parser reads them`, function () {
      if (data === undefined) {
        process.stderr.write(`SKIPPED: ${folder}, because CANH_TEST_DATA names no folder\n`);
        this.skip();
      }
      const path = join(data, 'crowdsec-logs', folder);
      const lines = readFileSync(join(path, `${folder}.log`), 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      const normaliser = createNormaliser();
      const events = lines.flatMap((line, index) =>
        normaliser.push(recordOf(index + 1, line, { hints: { product } })),
      );
      expect(events.map(({ parser }) => parser.name)).to.deep.equal(lines.map(() => product));

      const byLine = new Map(events.map((event) => [event.original, event]));
      let count = 0;
      for (const { message, field, value } of expectations(
        readFileSync(join(path, 'parser.assert'), 'utf8'),
      )) {
        const event = byLine.get(message);
        if (event === undefined) continue;
        expect(textOf(FIELDS[field]?.(event)), `${field} of ${message}`).to.equal(value);
        count += 1;
      }
      expect(count).to.be.at.least(compared);
    });
  }
});

function textOf(value: EcsValue | undefined): string {
  return value === undefined || typeof value === 'object' ? '' : String(value);
}
