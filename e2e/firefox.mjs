// The other browser: Firefox as its makers ship it, with a camera and a microphone that it makes up.
//
// Nothing else of how it treats media is set: how it finds a way to the region is what people meet.

import { fileURLToPath } from 'node:url';

import { firefox } from 'playwright-core';

const PREFERENCES = {
  // A made-up camera and microphone, without a question.
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  // Nothing is fetched from outside.
  'media.gmp-manager.url': 'data:text/plain,',
  'app.normandy.enabled': false,
};

/** `network` is the process whose network it runs in, where that is another. */
export async function launchFirefox({ network } = {}) {
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: fileURLToPath(new URL('firefox-relay.mjs', import.meta.url)),
    env: {
      ...process.env,
      FIREFOX: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      ...(network && { FIREFOX_NETWORK: String(network) }),
    },
    firefoxUserPrefs: PREFERENCES,
  });
}

/** What a person's context must be told: Firefox asks no permission that could be given. */
export const IN_FIREFOX = { permissions: undefined };
