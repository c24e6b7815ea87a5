// On the narrowest phones everything is there: no page scrolls sideways, no control is cut off or
// too small to touch, in the call as before it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Member } from './members.mjs';
import { Person, launch } from './people.mjs';
import { System, until } from './system.mjs';

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };

let system;
let browser;
let link;
let Ada;
let Grace;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  Ada = await Person.arrive(browser, 'Ada Maria Theodora Lovelace-Byron of Somewhere', PHONE);
  Ada.page.setDefaultTimeout(25_000);
  Grace = await Person.arrive(browser, 'Grace', { viewport: { width: 1280, height: 800 } });
  Grace.page.setDefaultTimeout(25_000);
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

/** What is wrong with the page as it stands: what sticks out, is covered, or cannot be reached by scrolling down. */
const wrong = (page) =>
  page.evaluate(() => {
    const found = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) found.push(`the page is ${wide} px wide`);
    const modal = document.querySelector('dialog[open]');
    /** Whether a part of the page may be scrolled sideways on purpose, such as a carousel. */
    const slides = (element) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth) return true;
      }
      return false;
    };
    const controls = (modal ?? document).querySelectorAll('a[href], button, input, select, textarea, summary, [role=menuitem]');
    for (const control of controls) {
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const box = control.getBoundingClientRect();
      if (box.width === 0 || control.closest('.skip, [hidden], .sr-only') || slides(control)) continue;
      const name = control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? control.textContent;
      const what = `${control.tagName.toLowerCase()} "${name.trim()}"`;
      if (box.left < -0.5 || box.right > innerWidth + 0.5) found.push(`${what} from ${box.left} to ${box.right}`);
      const target = control.matches('input') ? (control.closest('.switch, .choice') ?? control) : control;
      // Links inside sentences are as high as their line (WCAG 2.5.8).
      const inline = control.matches('a, .link');
      if (!inline && target.getBoundingClientRect().height < 43.5 && !control.matches('.pin')) found.push(`${what} is ${box.height} px high`);
    }
    return found;
  });

/** Every control inside can be brought fully into sight, with nothing on top of it. */
const unreachable = (page, selector) =>
  page.evaluate((within) => {
    const found = [];
    for (const control of document.querySelectorAll(`${within} :is(a[href], button, input, select, textarea, summary)`)) {
      if (!control.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || control.closest('.pin, [hidden]')) continue;
      control.scrollIntoView({ block: 'center' });
      const box = control.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const top = document.elementFromPoint(x, y);
      const hit = top && (control.contains(top) || top.contains(control) || top.closest('label')?.control === control || control.closest('.switch, .choice')?.contains(top));
      if (!hit) found.push(`${control.getAttribute('aria-label') ?? control.textContent} is under ${top?.className ?? 'nothing'}`);
    }
    return found;
  }, selector);

async function fits(page, what, selector = 'body') {
  // Fonts change widths, and a part that comes moves until it is there.
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => Promise.all(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations === 1).map(({ finished }) => finished.catch(() => {}))));
  assert.deepEqual(await wrong(page), [], what);
  assert.deepEqual(await unreachable(page, selector), [], what);
}

test('every page before a call fits', async () => {
  const { page } = Ada;
  for (const [path, ready] of [
    ['/', 'New meeting'],
    ['/signup', 'Create account'],
    ['/signin', 'Sign in'],
    ['/reset', null],
    ['/verify', null],
    ['/nothing-here', null],
  ]) {
    await page.goto(`${system.url}${path}`);
    await (ready === null ? page.getByRole('heading', { level: 1 }) : page.getByRole('main').getByRole('button', { name: ready })).waitFor();
    await fits(page, path);
  }
});

test('the pages of somebody with an account fit', async () => {
  const member = await Member.arrive(browser, 'Nadia', PHONE);
  member.page.setDefaultTimeout(25_000);
  await member.becomeMember(system);
  await member.page.getByRole('button', { name: 'Schedule meeting' }).waitFor();
  await fits(member.page, '/home');
  await member.page.getByRole('button', { name: 'Schedule meeting' }).click();
  await member.page.getByRole('dialog', { name: 'Schedule meeting' }).waitFor();
  await fits(member.page, 'the dialog that schedules', 'dialog');
  await member.page.goto(`${system.url}/profile`);
  await member.page.getByRole('heading', { level: 1 }).waitFor();
  await fits(member.page, '/profile');
  await member.context.close();
});

test('the preview and the call with each of its parts open fit', async () => {
  const { page } = Ada;
  link = await Ada.startMeeting(system.url);
  await page.getByRole('button', { name: 'Join meeting' }).waitFor();
  await fits(page, 'the preview');
  await Ada.join();
  await fits(page, 'alone in the call');
  await Grace.openLink(link);
  await Grace.join();
  await Ada.seesTile('Grace');
  await until('words that come and go are gone', async () => (await page.locator('.toasts p').count()) === 0);
  await fits(page, 'the call');

  const control = (name) => page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name, exact: true });
  for (const name of ['Chat', 'People', 'Settings', 'Connection']) {
    // The sheet covers the bar: each is opened from the bar, or by its key.
    if (name === 'Connection') await page.keyboard.press('i');
    else await control(name).click();
    const panel = page.getByRole('complementary', { name });
    await panel.getByRole('button').nth(1).or(panel.locator('dl')).first().waitFor();
    await fits(page, name, '.panel');
    await panel.getByRole('button', { name: 'Close' }).click();
  }
  await control('Layout').click();
  await page.getByRole('dialog', { name: 'Layout' }).waitFor();
  await fits(page, 'Layout', '.popover');
  await page.keyboard.press('Escape');
  await control('React').click();
  await page.getByRole('toolbar', { name: 'Reactions' }).waitFor();
  await fits(page, 'Reactions', '.call-bar');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await fits(page, 'the sheet of keys', 'dialog');
  await page.keyboard.press('Escape');
});

test('a touch of a tile shows the button that pins it', async () => {
  const { page } = Ada;
  const pin = page.getByRole('button', { name: 'Pin Grace' });
  const seen = () => pin.evaluate((button) => Number(getComputedStyle(button).opacity) === 1 && button.getBoundingClientRect().height >= 44);
  assert.equal(await seen(), false);
  await Ada.tile('Grace').tap();
  await until('the button is seen', seen);
  await pin.tap();
  await page.getByRole('group', { name: /^Grace.*pinned/ }).waitFor();
  await page.getByRole('button', { name: 'Unpin Grace' }).tap();
  await page.getByRole('group', { name: /^Grace(?!.*pinned)/ }).waitFor();
});

test('afterwards it fits, too', async () => {
  await Ada.leave();
  await Ada.page.getByRole('heading', { name: 'You left the meeting' }).waitFor();
  await fits(Ada.page, 'the end');
  assert.deepEqual(Ada.problems, []);
});
