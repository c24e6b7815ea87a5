// The app can be installed: what Chromium itself thinks of it, and what the icons and colours are.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { System, until } from './system.mjs';

let system;
let folder;
let context;
let page;
let client;

before(async () => {
  system = await System.start({ engines: 1 });
  folder = await mkdtemp(path.join(tmpdir(), 'meridian-install-'));
  // A profile on disk: nothing can be installed from a private window.
  context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
    colorScheme: 'light',
  });
  page = context.pages()[0] ?? (await context.newPage());
  client = await context.newCDPSession(page);
  await client.send('Page.enable');
  await page.goto(system.url);
});

after(async () => {
  await context?.close();
  await system?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('Chromium finds nothing that keeps it from being installed', async () => {
  const { url, errors, data } = await client.send('Page.getAppManifest');
  assert.equal(url, `${system.url}/manifest.webmanifest`);
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, 'standalone');
  assert.equal(manifest.start_url, '/');
  await until('the check is through', async () => {
    const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
    return installabilityErrors.length === 0 || Promise.reject(new Error(JSON.stringify(installabilityErrors)));
  });
});

test('the manifest and its icons are served as what they are', async () => {
  const served = async (file) => {
    const response = await fetch(`${system.url}${file}`);
    assert.equal(response.status, 200, file);
    return response.headers.get('content-type');
  };
  assert.match(await served('/manifest.webmanifest'), /^application\/manifest\+json/);
  const { icons } = await (await fetch(`${system.url}/manifest.webmanifest`)).json();
  const purposes = icons.map(({ purpose, sizes }) => `${purpose} ${sizes}`);
  for (const needed of ['any 192x192', 'any 512x512', 'maskable 192x192', 'maskable 512x512']) assert.ok(purposes.includes(needed), needed);
  for (const { src, type } of icons) assert.equal(await served(src), type);
  const apple = await page.locator('link[rel=apple-touch-icon]').getAttribute('href');
  assert.equal(await served(apple), 'image/png');
});

test('the page draws every icon in the size that the manifest says, under its own security policy', async () => {
  const { icons } = await (await fetch(`${system.url}/manifest.webmanifest`)).json();
  for (const { src, sizes } of icons.filter(({ type }) => type === 'image/png')) {
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    assert.equal(size, sizes, src);
  }
});

test('the frame around the page has the page’s colour, in light, in dark and as chosen', async () => {
  const colours = () =>
    page.evaluate(() => {
      const probe = new OffscreenCanvas(1, 1).getContext('2d');
      const plain = (colour) => {
        probe.fillStyle = colour;
        return probe.fillStyle;
      };
      const meta = [...document.querySelectorAll('meta[name=theme-color]')].find((one) => !one.media || matchMedia(one.media).matches);
      return { frame: plain(meta.content), page: plain(getComputedStyle(document.documentElement).backgroundColor) };
    });
  const light = await colours();
  assert.equal(light.frame, light.page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await until('dark', async () => {
    const dark = await colours();
    return dark.frame === dark.page && dark.page !== light.page;
  });
  await page.getByRole('button', { name: 'Switch theme' }).click();
  await until('light against the system', async () => {
    const chosen = await colours();
    return chosen.page === light.page && chosen.frame === light.page;
  });
  await page.reload();
  await until('still after a reload', async () => (await colours()).frame === light.page);
});
