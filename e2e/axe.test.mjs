// What axe-core finds on every page and on the call with each panel open, light and dark, on a laptop
// and on a phone: nothing. Every rule that axe has is on, also the ones it leaves to choice.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import axe from 'axe-core';

import { launch } from './people.mjs';
import { callPages, memberPages, publicPages } from './scenes.mjs';
import { System } from './system.mjs';

const WINDOWS = { laptop: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };
const THEMES = ['light', 'dark'];
/** Tried without: each rule that is off says why here. */
const OFF = {
  // Asks for AAA contrast (7:1). The product promises AA (4.5:1), which `color-contrast` holds.
  'color-contrast-enhanced': { enabled: false },
};

let system;
let browser;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const rules = {
  // Every rule that has to be asked for, experiments included.
  ...Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])),
  ...OFF,
};

/** Keeps what axe finds where it is called. */
function examiner() {
  const findings = [];
  let pages = 0;
  const visit = async (name, page) => {
    pages += 1;
    // Half-way through a transition, colours are nobody's.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const [window, size] of Object.entries(WINDOWS)) {
      await page.setViewportSize(size);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`:root[data-theme=${colorScheme}]`).waitFor();
        await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))));
        await page.evaluate(`if (!window.axe) { ${axe.source} }`);
        const { violations } = await page.evaluate((options) => window.axe.run(document, options), { rules, resultTypes: ['violations'] });
        for (const { id, help, nodes } of violations) {
          for (const { target, failureSummary } of nodes) {
            findings.push(`${name}, ${window}, ${colorScheme}: ${id} (${help})\n  ${target.join(' ')}\n  ${failureSummary?.replaceAll('\n', '\n  ')}`);
          }
        }
      }
    }
    await page.setViewportSize(WINDOWS.laptop);
  };
  return { visit, findings, pages: () => pages };
}

for (const [what, pages, least] of [
  ['the pages without an account', publicPages, 12],
  ['the pages of somebody with an account', memberPages, 17],
  ['the call, what comes before and what after', callPages, 26],
]) {
  test(`axe finds nothing on ${what}`, async () => {
    const { visit, findings, pages: seen } = examiner();
    const problems = await pages({ system, browser, visit });
    assert.deepEqual(findings, [], findings.join('\n'));
    assert.deepEqual(problems, []);
    assert.ok(seen() >= least, `${seen()} pages seen`);
    console.log(`${seen()} pages and panels, ${seen() * 4} examinations`);
  });
}
