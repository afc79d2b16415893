import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { ParsedEvent } from '../../integrations/contract.ts';
import { windows } from '../../integrations/windows/integration.ts';
import { testData } from './test-data.ts';

const golden = fileURLToPath(new URL('windows-logsources.golden.json', import.meta.url));
const EVENTS = 79_964;

function parse(message: string): ParsedEvent | undefined {
  return windows.parse({ message, original: message, hints: { product: 'windows' }, accepted: 0 })?.[0];
}

describe('windows.parse on foreign data', function () {
  this.timeout(120_000);
  let data: string;
  before(function () {
    const folder = testData();
    if (folder === undefined) this.skip();
    else data = folder;
  });

  it('reads every event of the flat exports, as many of each logsource as ever', () => {
    const text = gunzipSync(readFileSync(join(data, 'otrf-windows-events.ndjson.gz'))).toString('utf8');
    const counts = new Map<string, number>();
    let events = 0;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const event = parse(line);
      if (event?.time === undefined || event.logsource.length === 0) expect.fail(line.slice(0, 500));
      events += 1;
      for (const { service = '', category = '' } of event.logsource) {
        const key = `windows/${category}/${service}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(events).to.equal(EVENTS);
    const actual = Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, `${JSON.stringify(actual, null, 2)}\n`);
    expect(actual).to.deep.equal(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it('reads every document of the regression cases', () => {
    const files = globSync('sigmahq/regression_data/**/*.json', { cwd: data });
    expect(files.length).to.be.above(0);
    for (const file of files) {
      for (const document of readFileSync(join(data, file), 'utf8')
        .trim()
        .split(/\n(?=\{)/)) {
        const event = parse(document);
        expect(event?.time, file).to.be.a('number');
        expect(event?.logsource.length, file).to.be.above(1);
        expect(event?.ecs['host.name'], file).to.be.a('string');
      }
    }
  });

  it('reads a copy out of a browser', () => {
    const line = readFileSync(join(data, 'crowdsec-logs/windows-logs/windows-logs.log'), 'utf8').trim();
    const event = parse(line);
    expect(event?.native).to.include({
      Channel: 'Security',
      Computer: 'exchange-1.mydomain.test',
      EventID: 4625,
      Provider_Name: 'Microsoft-Windows-Security-Auditing',
    });
    expect(event?.time).to.equal(Date.parse('2022-04-28T16:09:28.944Z'));
    expect(event?.ecs).to.include({ 'source.ip': '192.168.9.212', 'event.outcome': 'failure' });
  });

  it('names user and address of failed logons as their own parser does', () => {
    const folder = join(data, 'crowdsec-logs/windows-bf');
    const lines = readFileSync(join(folder, 'windows-bf.log'), 'utf8').split('\n').filter(Boolean);
    const asserted = readFileSync(join(folder, 'scenario.assert'), 'utf8');
    const events = lines.map(parse);
    for (const event of events) {
      expect(event?.ecs).to.include({ 'source.ip': '192.168.9.212', 'user.name': 'asdfasdf' });
      expect(event?.native).to.include({ LogonType: '3', Status: '0xc000006d' });
    }
    for (const [index, event] of events.entries()) {
      const stamp = String(event?.native['TimeCreated_SystemTime']);
      if (asserted.includes(`Events[${index}]`)) expect(asserted).to.include(stamp);
    }
  });
});
