// The pages of an account in real browsers: staying signed in, the profile, devices, passwords, leaving.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Member, PASSWORD, mails } from './members.mjs';
import { launch } from './people.mjs';
import { System, until } from './system.mjs';

const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
const SECOND = 'kelp lantern orbit';

let system;
let browser;
let ada;

before(async () => {
  system = await System.start();
  browser = await launch();
  ada = await Member.arrive(browser, 'Ada Lovelace');
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

const profileStands = (page) => page.getByText('This device').waitFor();

test('a visitor who never signed in asks nothing about accounts', async () => {
  const asked = [];
  ada.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await ada.page.goto(system.url);
  await ada.page.getByRole('link', { name: 'Sign in' }).waitFor();
  await ada.startMeeting(system.url);
  await ada.page.getByRole('button', { name: 'Join meeting' }).waitFor();
  assert.deepEqual(asked.filter((path) => /^\/api\/(auth|users)\//.test(path)), []);
});

test('an address that is not proven is told so after the right password, and gets another link', async () => {
  await ada.signUp(system);
  await ada.page.goto(`${system.url}/signin`);
  await ada.fillSignIn();
  await ada.page.getByText('Your email is not verified yet').waitFor();
  await ada.page.getByRole('button', { name: 'Send the link again' }).click();
  await ada.page.getByText('Sent again').waitFor();
  await ada.verify(system);
});

test('a link that was used says so, and offers another', async () => {
  const [mail] = await mails(system, ada.email);
  await ada.page.goto('about:blank');
  await ada.page.goto(mail.links[0]);
  await ada.page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await ada.page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await ada.page.getByRole('button', { name: 'Send a new link' }).click();
  await ada.page.getByText('Check your email').waitFor();
});

test('a wrong password names its field, keeps what was typed, and the right one leads on', async () => {
  await ada.page.goto(`${system.url}/profile`);
  await ada.fillSignIn('not the password');
  const password = ada.page.getByRole('textbox', { name: 'Password', exact: true });
  await ada.page.getByText('Email and password do not match').waitFor();
  assert.equal(await password.getAttribute('aria-invalid'), 'true');
  assert.equal(await password.evaluate((field) => field === document.activeElement), true);
  assert.equal(await ada.page.getByRole('textbox', { name: 'Email' }).inputValue(), ada.email);
  await ada.fillSignIn();
  await ada.page.waitForURL(`${system.url}/profile`);
  await profileStands(ada.page);
});

test('leaving pages while they refresh, and many tabs at once, keep the person signed in', async () => {
  for (let round = 0; round < 6; round += 1) {
    const refreshing = ada.page.waitForRequest(/\/api\/auth\/refresh$/);
    await ada.page.goto(`${system.url}/profile`, { waitUntil: 'commit' });
    await refreshing;
  }
  await ada.page.goto(`${system.url}/profile`);
  await profileStands(ada.page);
  const tabs = await Promise.all(Array.from({ length: 5 }, () => ada.context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(`${system.url}/profile`)));
  await Promise.all(tabs.map(profileStands));
  await Promise.all(tabs.map((tab) => tab.close()));
  await ada.page.reload();
  await profileStands(ada.page);
});

test('name, colour, picture and language are kept, and seen at once in another tab', async () => {
  const other = await ada.context.newPage();
  await other.goto(system.url);
  await other.getByRole('button', { name: 'Account of Ada Lovelace' }).waitFor();

  const { page } = ada;
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Ada King');
  await page.getByRole('radio', { name: 'Teal' }).check({ force: true });
  const png = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1200 });
    const pen = canvas.getContext('2d');
    for (let place = 0; place < 400; place += 1) {
      pen.fillStyle = `hsl(${place * 37} 80% 50%)`;
      pen.fillRect((place * 211) % 1600, (place * 97) % 1200, 90, 90);
    }
    return canvas.toDataURL('image/png').split(',')[1];
  });
  const file = page.locator('input[type=file]');
  await file.setInputFiles({ name: 'notes.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByText('not a picture').waitFor();
  await file.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') });
  await page.getByRole('button', { name: 'Remove picture' }).waitFor();
  await page.getByRole('combobox', { name: 'Language and region' }).selectOption('en-GB');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved.').waitFor();

  await other.getByRole('button', { name: 'Account of Ada King' }).waitFor();
  await other.close();
  await page.reload();
  await profileStands(page);
  const picture = await page.locator('.account-menu img').getAttribute('src');
  assert.ok(picture.startsWith('data:image/jpeg;base64,') && picture.length <= 12_288, `${picture.length} characters`);
  assert.equal(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue(), 'Ada King');
  assert.equal(await page.getByRole('combobox', { name: 'Language and region' }).inputValue(), 'en-GB');
});

test('another device is listed, and its page leaves when it is signed out', async () => {
  const phone = await Member.arrive(browser, 'Ada Lovelace', { userAgent: PHONE });
  await phone.signIn(system);
  await ada.page.reload();
  await ada.page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click();
  await ada.page.getByText('Safari on iPhone is signed out').waitFor();
  await phone.page.goto(`${system.url}/profile`);
  await phone.page.waitForURL(/\/signin\?return=%2Fprofile$/);
  await phone.page.getByText('You were signed out').waitFor();
  await phone.context.close();
});

test('a new password needs the old one', async () => {
  const { page } = ada;
  const field = (name) => page.getByRole('textbox', { name });
  await field('New password').fill(SECOND);
  await field('Current password').fill('not the password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('This is not your password').waitFor();
  assert.equal(await field('New password').inputValue(), SECOND);
  await field('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Password changed').waitFor();
});

test('signing out by keyboard reaches the other tabs, too', async () => {
  const other = await ada.context.newPage();
  await other.goto(`${system.url}/profile`);
  await profileStands(other);
  await ada.page.getByRole('button', { name: 'Account of Ada King' }).press('Enter');
  await ada.page.keyboard.press('End');
  await ada.page.keyboard.press('Enter');
  await ada.page.getByRole('link', { name: 'Sign in' }).waitFor();
  await other.waitForURL(/\/signin\?return=%2Fprofile$/);
  await other.close();
});

test('a forgotten password is replaced by a mailed link, once', async () => {
  const { page } = ada;
  await page.goto(`${system.url}/signin`);
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  // The page before has a field of that name, too.
  await page.getByRole('button', { name: 'Send link' }).waitFor();
  await page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText('Check your email').waitFor();
  const [mail] = await mails(system, ada.email, (one) => one.links.some((link) => link.includes('/reset#')));
  for (const works of [true, false]) {
    await page.goto('about:blank');
    await page.goto(mail.links[0]);
    await page.getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: works ? 'Your password is changed' : 'This link no longer works' }).waitFor();
    assert.equal(new URL(page.url()).hash, '');
  }
  await ada.signIn(system);
});

test('deleting the account is asked for by its address, and leaves nothing to sign in to', async () => {
  const { page } = ada;
  await page.goto(`${system.url}/profile`);
  await page.getByRole('button', { name: 'Delete account' }).click();
  const confirm = page.getByRole('dialog').getByRole('textbox');
  await confirm.fill('someone@else.example');
  await page.keyboard.press('Enter');
  await page.getByText('not the address of your account').waitFor();
  await confirm.fill(ada.email);
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('Your account is deleted').waitFor();
  await ada.fillSignIn();
  await page.getByText('Email and password do not match').waitFor();
});

test('after many wrong passwords the page says how long to wait', async () => {
  const { page } = ada;
  const submit = page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true });
  await until('the lock-out is shown', async () => {
    if (await page.getByRole('timer').isVisible()) return true;
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/auth/login'));
    await ada.fillSignIn('not the password');
    await answered;
    return false;
  }, 60_000);
  assert.match(await page.getByRole('timer').innerText(), /try again in \d/);
  assert.ok(await submit.isDisabled());
  // Another address is not locked.
  await page.getByRole('textbox', { name: 'Email' }).fill('somebody@team.example');
  assert.ok(await submit.isEnabled());
});

test('none of this left an error on a page', () => assert.deepEqual(ada.problems, []));
