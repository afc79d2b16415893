import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface StartedBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A real browser: the one that CANH_TEST_BROWSER names, else an installed one, else the one that npm brought. */
export async function startBrowser(): Promise<StartedBrowser> {
  const named = process.env['CANH_TEST_BROWSER'];
  const path = named ?? installed.find((candidate) => existsSync(candidate));
  if (path !== undefined) {
    const browser = await chromium.launch({ executablePath: path, args: flags });
    return { browser, close: () => browser.close() };
  }
  return await startPackagedBrowser();
}

/** It unpacks under a fixed name into TMPDIR, so that has to be a folder nobody else can have written to. */
async function startPackagedBrowser(): Promise<StartedBrowser> {
  const names = ['TMPDIR', 'AWS_EXECUTION_ENV', 'FONTCONFIG_PATH'];
  const before = names.map((name) => [name, process.env[name]] as const);
  const folder = await mkdtemp(join(tmpdir(), 'canh-browser-'));
  process.env['TMPDIR'] = folder;
  // Its own list of fonts names /tmp/fonts; without any font a form field ends the browser.
  await writeFile(join(folder, 'fonts.conf'), fontsIn([join(folder, 'fonts'), '/usr/share/fonts'], folder));
  process.env['FONTCONFIG_PATH'] = folder;
  // Only with this does it unpack the libraries that a bare system lacks, and it looks when it is imported.
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    const browser = await chromium.launch({ executablePath, args: [...flags, '--headless=shell'] });
    return {
      browser,
      async close() {
        await browser.close();
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } finally {
    for (const [name, value] of before) restore(name, value);
  }
}

function fontsIn(folders: readonly string[], cache: string): string {
  const lines = folders.map((folder) => `<dir>${folder}</dir>`).join('');
  return `<?xml version="1.0"?><fontconfig>${lines}<cachedir>${cache}/fonts-cache</cachedir></fontconfig>`;
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
