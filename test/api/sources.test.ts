import { expect } from 'chai';
import type { SourceList } from '../../api/contract/index.ts';
import { SIZE_MAX } from '../../platform/index/port.ts';
import { sourceDocument } from './builder.ts';
import { START, startServer, type Client, type TestServer } from './server.ts';

let server: TestServer;
let client: Client;
before(async () => {
  server = await startServer();
  await server.addUser('lan', 'analyst', null);
  client = await server.signedIn('lan');
});
after(async () => await server.stop());

describe('GET /api/v1/sources', () => {
  it('lists every source, more than one page of the index', async () => {
    const inputs = Array.from({ length: SIZE_MAX + 1 }, (_, n) => `input-${n}`);
    const documents = inputs.map((input) => sourceDocument({ agency: 'soc', input, time: START }));
    await server.fill('sources', documents.slice(0, SIZE_MAX));
    await server.fill('sources', documents.slice(SIZE_MAX));
    const { sources } = (await client.get('/api/v1/sources')).body as SourceList;
    expect(sources.map(({ input }) => input)).to.have.members(inputs);
    expect(sources[0]).to.deep.include({
      collector: 'collector-soc',
      product: 'linux',
      events: 12,
      unparsed: 1,
    });
  });
});
