// Every page, and the call with each of its panels open, each as people come to see it. What is looked
// for there (by axe, by the eye, by those who want no motion) is the visitor's business:
// `visit(name, page)` is called once for each, and may change the window and the theme.

import { enter, walkIn, write } from './crowd.mjs';
import { Member } from './members.mjs';
import { Person } from './people.mjs';
import { until } from './system.mjs';

const LAPTOP = { viewport: { width: 1440, height: 900 } };
/** Long, as names are. */
const LONG_NAME = 'Maximiliane Freifrau von Hohenstein-Wittgenstein';

const tomorrow = () => {
  const date = new Date(Date.now() + 24 * 60 * 60 * 1000);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
};

const button = (page, name) => page.getByRole('button', { name, exact: true });
export const control = (page, name) => page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name });

/** What needs no account. */
export async function publicPages({ system, browser, visit }) {
  const { page, context, problems } = await Person.arrive(browser, 'Ada', LAPTOP);
  const open = async (path, heading) => {
    await page.goto(system.url + path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  await open('/', 'Meet at the speed of hello.');
  await visit('landing', page);
  await page.getByRole('textbox', { name: 'Meeting code or link' }).fill('nonsense');
  await button(page, 'Join').click();
  await page.getByRole('alert').waitFor();
  await visit('landing-wrong-code', page);
  await open('/nowhere', 'There is nothing here');
  await visit('not-found', page);
  await open('/m/aaa-aaaa-aaa', 'No meeting has this code');
  await visit('no-such-meeting', page);
  await open('/signup', 'Create your account');
  await visit('sign-up', page);
  await button(page, 'Create account').click();
  await page.getByText('Enter your email address.').waitFor();
  await visit('sign-up-incomplete', page);
  await open('/signin', 'Welcome back');
  await visit('sign-in', page);
  await page.getByRole('textbox', { name: 'Email' }).fill('nobody@team.example');
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('not the password');
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Email and password do not match').waitFor();
  await visit('sign-in-refused', page);
  await open('/verify', 'Verify your email');
  await visit('verify', page);
  await open(`/verify#token=${'x'.repeat(43)}`, 'This link no longer works');
  await visit('verify-too-late', page);
  await open('/reset', 'Choose a new password');
  await visit('reset', page);
  await open(`/reset#token=${'x'.repeat(43)}`, 'Choose a new password');
  await page.getByRole('textbox', { name: 'New password', exact: true }).waitFor();
  await visit('reset-new-password', page);
  await context.close();
  return problems;
}

/** What is there for somebody with an account. */
export async function memberPages({ system, browser, visit }) {
  const ada = await Member.arrive(browser, 'Ada Lovelace', LAPTOP);
  const { page, context, problems } = ada;
  await ada.signUp(system);
  await visit('check-your-email', page);
  await ada.verify(system);
  await visit('verified', page);
  await ada.signIn(system);
  await page.getByText('Nothing planned').waitFor();
  await visit('home-empty', page);
  await button(page, 'Account of Ada Lovelace').click();
  await page.getByRole('menu').waitFor();
  await visit('account-menu', page);
  await page.keyboard.press('Escape');
  await button(page, 'Choose who walks in').click();
  await page.getByRole('menu').waitFor();
  await visit('new-meeting-menu', page);
  await page.keyboard.press('Escape');

  await button(page, 'Schedule meeting').click();
  const dialog = page.getByRole('dialog', { name: 'Schedule meeting' });
  await dialog.getByRole('textbox', { name: 'Title' }).waitFor();
  await visit('schedule', page);
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Analytical review');
  await dialog.getByLabel('Date').fill('2020-01-01');
  await dialog.getByLabel('Invite people').fill('nonsense, grace.hopper@team.example,');
  await button(dialog, 'Create meeting').click();
  await dialog.getByText('This day is over').waitFor();
  await visit('schedule-wrong', page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await ada.schedule({ title: 'Analytical review of the second quarter and of everything that came before it', date: tomorrow(), time: '09:30', kind: 'Private', invite: ['grace.hopper@team.example', 'a.rather.long.address.of.somebody@department.of.a.large.company.example'] });
  await visit('scheduled', page);
  await button(page, 'Done').click();
  await ada.schedule({ title: 'Stand-up', date: tomorrow(), time: '11:00', kind: 'Public' });
  await button(page, 'Done').click();

  await button(page, 'Call someone').click();
  await page.getByRole('dialog', { name: 'Call someone' }).waitFor();
  await visit('call-someone', page);
  await page.keyboard.press('Escape');

  // One meeting that is over, and one that is live.
  await ada.schedule({ title: 'Retrospective', date: tomorrow(), time: '15:00', kind: 'Public' });
  await button(page, 'Done').click();
  const upcoming = page.getByRole('list', { name: 'Upcoming meetings' });
  await upcoming.getByRole('link', { name: 'Retrospective', exact: true }).click();
  await button(page, 'End meeting').click();
  await page.getByRole('dialog').waitFor();
  await visit('end-planned', page);
  await page.getByRole('dialog').getByRole('button', { name: 'End meeting' }).click();
  await page.getByText('This meeting is over').waitFor();
  await visit('planned-over', page);
  await page.goto(`${system.url}/home`);
  await upcoming.getByRole('listitem').filter({ hasText: 'Stand-up' }).waitFor();
  const link = await upcoming.getByRole('listitem').filter({ hasText: 'Stand-up' }).getByRole('link', { name: /^Join/ }).getAttribute('href');
  const guest = await walkIn(new URL(link, system.url).href, 'Grace Hopper');
  await upcoming.getByText('1 person in').waitFor();
  await visit('home-full', page);
  await guest.close();

  await upcoming.getByRole('link', { name: /^Analytical review/ }).first().click();
  await page.getByRole('heading', { name: 'Invited people' }).waitFor();
  await page.getByText('Invited', { exact: true }).first().waitFor();
  await visit('planned', page);
  await button(page, 'Edit').click();
  await page.getByRole('textbox', { name: 'Title' }).waitFor();
  await visit('planned-editing', page);
  await page.goto(`${system.url}/profile`);
  await page.getByText('This device').first().waitFor();
  await visit('profile', page);
  await button(page, 'Delete account').click();
  await page.getByRole('textbox', { name: /^Type / }).waitFor();
  await visit('profile-delete', page);

  const grace = await Member.arrive(browser, 'Grace Hopper', LAPTOP);
  await grace.becomeMember(system);
  await page.goto(`${system.url}/home`);
  await upcoming.waitFor();
  await button(grace.page, 'Call someone').click();
  await grace.page.getByRole('dialog').getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await grace.page.getByRole('dialog').getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByRole('alertdialog').waitFor();
  await visit('incoming-call', page);
  await grace.page.getByText('Ringing Ada Lovelace').or(grace.page.getByText('No answer yet')).or(grace.page.getByText(`Ringing ${ada.email}`)).first().waitFor();
  await visit('ringing', grace.page);
  await grace.context.close();
  await context.close();
  return [...problems, ...grace.problems];
}

/** The call, alone, then with others; its panels; and what comes before and after it. */
export async function callPages({ system, browser, visit }) {
  const ada = await Person.arrive(browser, 'Ada Lovelace', LAPTOP);
  const { page } = ada;
  const link = await ada.startMeeting(system.url);
  await button(page, 'Join meeting').waitFor();
  await page.getByText(/^Ready\./).waitFor();
  await visit('preview', page);
  await button(page, 'Turn off camera').click();
  await button(page, 'Mute microphone').click();
  await button(page, 'Join meeting').click();
  await page.getByText('Enter your name').waitFor();
  await visit('preview-without-name', page);
  await button(page, 'Turn on camera').click();
  await button(page, 'Unmute microphone').click();
  await ada.join();
  await page.getByText('You\'re the only one here').waitFor();
  await visit('call-alone', page);
  await button(page, 'Chat').click();
  await page.getByText('No messages yet').waitFor();
  await visit('chat-empty', page);

  const grace = await Person.arrive(browser, 'Grace Hopper', LAPTOP);
  await grace.openLink(link);
  await grace.page.getByText('Ada Lovelace is here.').waitFor();
  await visit('preview-with-others', grace.page);
  await grace.join();
  await ada.seesTile('Grace Hopper');
  const others = [];
  for (const name of ['Edsger Dijkstra', LONG_NAME, 'Barbara Liskov']) others.push(await walkIn(link, name, { microphone: name.startsWith('B') }));
  const [edsger, long, barbara] = others;
  await ada.seesTile('Barbara Liskov');
  write(edsger, 'Good morning! The agenda is at https://example.org/a-rather-long-address/that-goes-on-and-on/and-does-not-end?yet=true');
  write(long, 'Thank you.');
  write(barbara, 'Shall we begin?', await ada.tile('Ada Lovelace').getAttribute('data-participant'));
  await page.getByText('Shall we begin?').first().waitFor();
  await page.getByRole('textbox', { name: 'Message' }).fill('One moment, please');
  await page.keyboard.press('Enter');
  await page.locator('.message:not(.pending)').getByText('One moment').waitFor();
  await quiet(page);
  await visit('chat', page);

  await button(page, 'People').or(page.getByRole('button', { name: /^People/ })).first().click();
  await page.getByRole('list', { name: 'Participants' }).waitFor();
  edsger.say({ type: 'raise_hand', raised: true });
  long.say({ type: 'raise_hand', raised: true });
  await page.getByRole('list', { name: 'Raised hands' }).waitFor();
  await page.getByRole('switch', { name: 'Waiting room' }).click();
  await page.getByRole('switch', { name: 'Waiting room', checked: true }).waitFor();
  const mallory = await enter(link, 'Mallory');
  const wittgenstein = await enter(link, LONG_NAME);
  await page.getByRole('list', { name: 'Waiting to join' }).getByText(LONG_NAME).waitFor();
  await quiet(page);
  await visit('people', page);
  const tiles = page.locator('.stage [role=group][data-participant]');
  const people = await tiles.evaluateAll((all) => all.map((one) => one.dataset.participant));
  const networks = (...qualities) =>
    ada.hears({ type: 'networks', weak: qualities.map((quality, place) => ({ participant: people[place], quality })) });
  const paused = (...reasons) =>
    ada.hears({ type: 'paused', tiles: reasons.map((reason, place) => ({ participant: people[place], source: 'camera', reason })) });
  await networks('poor', 'fair', 'poor', 'fair', 'poor');
  const list = page.getByRole('list', { name: 'Participants' });
  await list.getByText('unsteady network').first().waitFor();
  await list.evaluate((all) => all.scrollIntoView());
  await visit('weak-networks', page);
  await paused('bandwidth', 'slots', 'codec', 'bandwidth', 'codec');
  await page.locator('.paused-mark').first().waitFor();
  await visit('paused-pictures', page);
  await paused();
  await networks();
  await button(page, 'Options for Edsger Dijkstra').click();
  await page.getByRole('menu').waitFor();
  await visit('options-menu', page);
  await page.getByRole('menuitem', { name: 'Remove from meeting' }).click();
  await page.getByRole('dialog').waitFor();
  await visit('remove-somebody', page);
  await page.keyboard.press('Escape');
  await button(page, 'End meeting for everyone').click();
  await page.getByRole('dialog').waitFor();
  await visit('end-for-everyone', page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'People' }).waitFor({ state: 'detached' });
  await page.getByRole('complementary', { name: 'Waiting to join' }).waitFor();
  await visit('knock', page);
  await button(page, 'Deny Mallory').click();
  await button(page, `Deny ${LONG_NAME}`).click();
  await Promise.all([mallory.close(), wittgenstein.close()]);

  await control(page, 'Settings').click();
  await page.getByRole('complementary', { name: 'Settings' }).getByRole('combobox', { name: 'Speaker' }).waitFor();
  await visit('settings', page);
  await button(page, 'Show keyboard shortcuts').click();
  await page.getByRole('dialog').waitFor();
  await visit('shortcuts', page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('i');
  await page.getByRole('complementary', { name: 'Connection' }).getByRole('heading', { level: 3 }).first().waitFor();
  await visit('connection', page);
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  await control(page, 'Layout').click();
  await page.getByRole('dialog', { name: 'Layout' }).getByRole('radio').first().waitFor();
  await visit('layout', page);
  await page.getByRole('radio', { name: 'Speaker', exact: true }).check();
  await page.keyboard.press('Escape');
  await visit('call-speaker', page);
  await control(page, 'Layout').click();
  await page.getByRole('radio', { name: 'Sidebar', exact: true }).check();
  await page.keyboard.press('Escape');
  await visit('call-sidebar', page);
  await control(page, 'Layout').click();
  await page.getByRole('radio', { name: 'Grid', exact: true }).check();
  await page.keyboard.press('Escape');
  await control(page, 'React').click();
  await page.getByRole('toolbar', { name: 'Reactions' }).waitFor();
  await visit('reactions', page);
  await page.keyboard.press('Escape');
  await control(page, 'Share screen').click();
  await page.getByText('Everyone sees your screen').waitFor();
  await visit('sharing', page);
  const screen = grace.page.getByRole('group', { name: 'Screen of Ada Lovelace' });
  await until('the screen has a picture', () => screen.locator('video').evaluate((video) => video.videoWidth > 0));
  await visit('screen', grace.page);
  await control(page, 'Stop sharing').click();
  // Others who see what hosts decided.
  await page.keyboard.press('p');
  for (const name of ['Let people unmute themselves', 'Let people share their screen', 'Let people chat', 'Let people react']) {
    await page.getByRole('switch', { name }).click();
  }
  await button(page, 'Mute everyone').click();
  await button(page, 'Lock meeting').click();
  await button(page, 'Unlock meeting').waitFor();
  await button(grace.page, 'Unmute microphone').waitFor();
  await grace.openPanel('Chat');
  await grace.page.getByText('The host does not let people write to everyone').waitFor();
  await quiet(grace.page);
  await visit('call-restricted', grace.page);
  const late = await Person.arrive(browser, 'Late', LAPTOP);
  await late.page.goto(link);
  await late.page.getByRole('heading', { name: 'The meeting is locked' }).waitFor();
  await visit('locked', late.page);
  await button(page, 'Unlock meeting').click();
  await button(page, 'Lock meeting').waitFor();
  await button(late.page, 'Try again').click();
  await button(late.page, 'Ask to join').waitFor();
  await visit('preview-ask', late.page);
  await late.page.getByRole('textbox', { name: 'Your name' }).fill('Late');
  await button(late.page, 'Ask to join').click();
  await late.page.getByRole('heading', { name: 'Waiting for the host to let you in' }).waitFor();
  await visit('waiting', late.page);
  await button(page, 'Deny Late').click();
  await late.page.getByRole('heading', { name: 'The host did not let you in' }).waitFor();
  await visit('denied', late.page);
  await late.context.close();

  await page.getByRole('button', { name: 'Options for Grace Hopper' }).click();
  await page.getByRole('menuitem', { name: 'Remove from meeting' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await grace.page.getByRole('heading', { name: 'A host removed you from the meeting' }).waitFor();
  await visit('removed', grace.page);
  await grace.context.close();
  await ada.leave();
  await page.getByRole('heading', { name: 'You left the meeting' }).waitFor();
  await visit('left', page);
  await button(page, 'Rejoin').click();
  await page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  await page.getByRole('complementary', { name: 'People' }).waitFor();
  await button(page, 'End meeting for everyone').click();
  await page.getByRole('dialog').getByRole('button', { name: 'End meeting' }).click();
  await page.getByRole('heading', { name: 'The meeting has ended' }).waitFor();
  await visit('ended', page);
  await ada.context.close();
  return [...ada.problems, ...grace.problems, ...late.problems];
}

/** Resolves when no short word stands over the page: those go by themselves. */
export const quiet = (page) => until('no toast', async () => (await page.locator('.toasts p').count()) === 0);
