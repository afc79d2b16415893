import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import type { AlertDetail } from '../../api/contract/index.ts';
import { violationsOf } from './accessibility.ts';
import { startBrowser, type StartedBrowser } from './browser.ts';
import { startConsoleServer, type ConsoleServer } from './console-server.ts';

const password = 'mot-cau-dai-de-nho-2026';
const languages = ['vi', 'en'] as const;
const themes = ['light', 'dark'] as const;
const alertsExpected = 10;

interface Look {
  readonly language: (typeof languages)[number];
  readonly theme: (typeof themes)[number];
  readonly width?: number;
  readonly signedIn?: boolean;
}

describe('console', function () {
  this.timeout(120_000);
  let server: ConsoleServer;
  let started: StartedBrowser;
  let cookies: Awaited<ReturnType<BrowserContext['cookies']>> = [];
  const complaints: string[] = [];

  const open = async (look: Look): Promise<{ page: Page; close: () => Promise<void> }> => {
    const context = await started.browser.newContext({
      viewport: { width: look.width ?? 1440, height: 900 },
      locale: 'vi-VN',
      timezoneId: 'Asia/Ho_Chi_Minh',
      reducedMotion: 'reduce',
    });
    if (look.signedIn !== false) await context.addCookies(cookies);
    await context.addInitScript(
      `localStorage.setItem('canh.settings', JSON.stringify({ language: '${look.language}' }));
       localStorage.setItem('mantine-color-scheme-value', '${look.theme}');`,
    );
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      // A 401 is how the console learns that nobody is signed in.
      if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
    });
    return { page, close: () => context.close() };
  };

  before(async () => {
    server = await startConsoleServer();
    started = await startBrowser();
  });
  after(async () => {
    await started?.close();
    await server?.stop();
  });

  it('takes the one-time password and asks for another at once', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light', signedIn: false });
    await page.goto(server.url);
    await page.fill('input[autocomplete=username]', 'admin');
    await page.fill('input[autocomplete=current-password]', 'sai-mat-khau');
    await page.keyboard.press('Enter');
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
    await page.fill('input[autocomplete=current-password]', server.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Đặt mật khẩu mới' }).waitFor();
    expect(await violationsOf(page)).to.deep.equal([]);
    await takePicture(page, 'first-password-vi-light');
    await page.fill('input[name=current]', server.password);
    await page.fill('input[name=replacement]', password);
    await page.fill('input[name=repeat]', password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Cảnh báo' }).waitFor();
    cookies = await page.context().cookies();
    await waitForAlerts(page, server.url);
    await close();
  });

  it('lets an analyst read, close and find an alert by keyboard alone', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light' });
    await page.goto(`${server.url}/alerts?sort=severity:desc`);
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('j');
    const title = await page.locator('[role=row][aria-selected=true] a').innerText();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    const why = page.getByRole('region', { name: 'Vì sao có cảnh báo này' });
    expect(await why.locator('mark').first().innerText()).not.to.equal('');
    await page.keyboard.press('3');
    await page.getByText('Đã đóng – Báo sai: do luật.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Đã đóng' }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/state=closed/);
    const found = page.getByRole('row').filter({ hasText: title });
    await found.getByText('Báo sai: do luật').waitFor();
    await waitForTitle(page, '(1) Cảnh báo – Canh');
    await close();
  });

  it('takes a decision back within ten seconds', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light' });
    await page.goto(`${server.url}/alerts`);
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('1');
    await page.getByText('Đã đóng – Tấn công thật.').waitFor();
    await page.keyboard.press('u');
    await page.getByText('Đã hoàn tác.').waitFor();
    await page.getByRole('row').nth(1).getByText('Mới').waitFor();
    await close();
  });

  it('leaves letters alone when single-key shortcuts are off', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light' });
    await page.goto(`${server.url}/settings/profile`);
    await page.getByLabel('Phím tắt một phím').click({ force: true });
    await page.keyboard.press('Tab');
    await page.keyboard.press('?');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    expect(new URL(page.url()).pathname).to.equal('/settings/profile');
    expect(await page.getByRole('dialog').count()).to.equal(0);
    await close();
  });

  it('shows a direction override as a mark and not by obeying it', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light' });
    await page.goto(`${server.url}/search?q=Nikto`);
    await page.getByRole('button', { name: /Nikto/ }).click();
    await page.getByText('U+202E').first().waitFor();
    expect(await page.locator('body').innerText()).not.to.include('\u202E');
    await takePicture(page, 'hostile-vi-light');
    await close();
  });

  it('says what to let go of when nothing fits', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light' });
    await page.goto(`${server.url}/alerts?q=khong-co-gi-ca&level=critical`);
    await page.getByRole('button', { name: 'Xóa ô tìm kiếm' }).last().waitFor();
    expect(await violationsOf(page)).to.deep.equal([]);
    await takePicture(page, 'empty-vi-light');
    await page.getByRole('main').getByRole('button', { name: 'Xóa ô tìm kiếm' }).click();
    await page.getByRole('row').nth(1).waitFor();
    await close();
  });

  it('keeps the rows and names the code when a query cannot be read', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light' });
    await page.goto(`${server.url}/alerts`);
    await page.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('(a and');
    await page.keyboard.press('Enter');
    await page.getByText('query_syntax').first().waitFor();
    await page.getByText('ở cột 7').waitFor();
    expect(await page.getByRole('row').count()).to.be.at.least(alertsExpected);
    expect(await violationsOf(page)).to.deep.equal([]);
    await takePicture(page, 'error-vi-light');
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('400')));
    await close();
  });

  for (const language of languages) {
    for (const theme of themes) {
      it(`has nothing that axe could name on any page (${language}, ${theme})`, async () => {
        const { page, close } = await open({ language, theme });
        const ids = await alertIds(page, server.url);
        for (const [name, path, ready] of pagesOf(ids)) {
          await page.goto(server.url + path);
          await page.locator(ready).first().waitFor();
          await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
          if (name === 'help') await page.keyboard.press('?');
          if (opens.has(name)) await page.locator(ready).first().click();
          if (name === 'help' || name === 'range') await page.getByRole('dialog').waitFor();
          if (name === 'verdicts' || name === 'user') await page.getByRole('menu').waitFor();
          await takePicture(page, `${name}-${language}-${theme}`);
          expect(await violationsOf(page), `${name} ${language} ${theme}`).to.deep.equal([]);
        }
        await close();
        const outside = await open({ language, theme, signedIn: false });
        await outside.page.goto(`${server.url}/login`);
        await outside.page.locator('input[autocomplete=username]').waitFor();
        await takePicture(outside.page, `login-${language}-${theme}`);
        expect(await violationsOf(outside.page), `login ${language} ${theme}`).to.deep.equal([]);
        await outside.close();
      });
    }
  }

  it('fits into 320 pixels without scrolling sideways', async () => {
    const { page, close } = await open({ language: 'vi', theme: 'light', width: 320 });
    const ids = await alertIds(page, server.url);
    for (const [name, path, ready] of pagesOf(ids)) {
      if (name === 'help' || (opens.has(name) && name !== 'events')) continue;
      await page.goto(server.url + path);
      await page.locator(ready).first().waitFor();
      await takePicture(page, `${name}-narrow`);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, name).to.be.at.most(320);
    }
    await close();
  });

  it('had no error in the browser, and nothing that the content security policy refused', () => {
    expect(complaints).to.deep.equal([]);
  });
});

/** Pages of which what is waited for is clicked before they are looked at. */
const opens = new Set(['events', 'range', 'user', 'verdicts']);

/** Each page with its address and what is there once it is ready. */
function pagesOf({
  rule: alertId,
  correlation,
}: AlertIds): readonly (readonly [name: string, path: string, ready: string])[] {
  return [
    ['alerts', '/alerts', '[role=grid] [role=row]:nth-child(2)'],
    ['peek', `/alerts?peek=${alertId}`, 'article mark'],
    ['groups', '/alerts?group=1&state=any', '[role=treegrid] [role=row]:nth-child(2)'],
    ['alert', `/alerts/${alertId}`, '[role=tabpanel]'],
    ['correlation', `/alerts/${correlation}`, 'article ol li'],
    ['events', '/search', 'main li > button[aria-expanded]'],
    ['sources', '/sources', 'main tbody tr'],
    ['health', '/settings/health', 'main tbody tr'],
    ['profile', '/settings/profile', 'input[name=repeat]'],
    ['help', '/alerts', '[role=grid] [role=row]:nth-child(2)'],
    ['range', '/alerts', 'header button[aria-haspopup=dialog]'],
    ['user', '/sources', 'header button[aria-haspopup=menu]'],
    ['verdicts', `/alerts/${alertId}`, 'article button[aria-haspopup=menu]'],
    ['not-found', '/nowhere', 'h1'],
  ];
}

interface AlertIds {
  readonly rule: string;
  readonly correlation: string;
}

/** The worst new alert of a rule, and that of a correlation. */
async function alertIds(page: Page, url: string): Promise<AlertIds> {
  const answer = await page.request.get(`${url}/api/v1/alerts?size=50&sort=level:desc&q=state:new`);
  const { alerts } = (await answer.json()) as { alerts: readonly { readonly id: string }[] };
  const details = await Promise.all(
    alerts.map(
      async ({ id }) => (await (await page.request.get(`${url}/api/v1/alerts/${id}`)).json()) as AlertDetail,
    ),
  );
  const first = (isCorrelation: boolean): string =>
    details.find(({ correlation }) => (correlation !== null) === isCorrelation)?.id ?? '';
  return { rule: first(false), correlation: first(true) };
}

/** The logs are read while the console is in use already. */
async function waitForAlerts(page: Page, url: string): Promise<void> {
  for (;;) {
    const answer = await page.request.get(`${url}/api/v1/alerts?size=100`);
    const { alerts } = (await answer.json()) as { alerts: readonly unknown[] };
    if (alerts.length >= alertsExpected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** By asking again, because the page's policy refuses the polling that the driver would put into it. */
async function waitForTitle(page: Page, title: string): Promise<void> {
  while ((await page.title()) !== title) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Kept for people to look at, where CANH_SCREENSHOTS names a folder. */
async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['CANH_SCREENSHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: name.startsWith('alert-') });
}
