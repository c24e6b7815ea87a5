// People with an account: what they click to get one, and the mails they read.

import { Person } from './people.mjs';
import { until } from './system.mjs';

export const PASSWORD = 'correct horse battery staple';

/** Mails to an address, newest first, once there are at least `count` that fit. */
export async function mails(system, address, fits = () => true, count = 1) {
  return until(`${count} mails to ${address}`, async () => {
    const response = await fetch(`${system.url}/dev/outbox?to=${encodeURIComponent(address)}`, { headers: { accept: 'application/json' } });
    const found = (await response.json()).filter(fits);
    return found.length >= count && found;
  });
}

/** One person with an address, in one browser context. */
export class Member extends Person {
  static async arrive(browser, name, options = {}) {
    const member = Object.setPrototypeOf(await Person.arrive(browser, name, options), Member.prototype);
    member.email = `${name.toLowerCase().replaceAll(' ', '.')}@${options.domain ?? 'team.example'}`;
    return member;
  }

  /** From the sign-up page to the text that a mail is on its way. */
  async signUp(system) {
    await this.page.goto(`${system.url}/signup`);
    await this.page.getByRole('textbox', { name: 'Name', exact: true }).fill(this.name);
    await this.page.getByRole('textbox', { name: 'Email' }).fill(this.email);
    await this.page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.page.getByText('Check your email').first().waitFor();
  }

  /** Opens the link that was mailed. */
  async verify(system) {
    const [mail] = await mails(system, this.email, (one) => one.links.some((link) => link.includes('/verify')));
    await this.page.goto(mail.links.find((link) => link.includes('/verify')));
    await this.page.getByText('Your email is verified').first().waitFor();
  }

  /** On the sign-in page, wherever that came from. */
  async fillSignIn(password = PASSWORD) {
    await this.page.getByRole('textbox', { name: 'Email' }).fill(this.email);
    await this.page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
    await this.page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  async signIn(system) {
    await this.page.goto(`${system.url}/signin`);
    await this.fillSignIn();
    await this.page.waitForURL(/\/home$/);
  }

  /** All of the above. */
  async becomeMember(system) {
    await this.signUp(system);
    await this.verify(system);
    await this.signIn(system);
  }

  /** Signed-in people are not asked for their name. */
  async walkIn(link) {
    await this.page.goto(link);
    await this.page.getByRole('button', { name: 'Join meeting' }).click();
    await this.page.getByRole('toolbar', { name: 'Call controls' }).waitFor();
  }

  /** Fills the schedule dialog and returns the link of the meeting. */
  async schedule({ title, date, time, kind, invite = [] }) {
    await this.page.getByRole('button', { name: 'Schedule meeting' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Schedule meeting' });
    await dialog.getByRole('textbox', { name: 'Title' }).fill(title);
    await dialog.getByLabel('Date').fill(date);
    await dialog.getByLabel('Time', { exact: true }).fill(time);
    await this.chooseKind(dialog, kind);
    await dialog.getByLabel('Invite people').fill(invite.join(', '));
    await dialog.getByRole('button', { name: 'Create meeting' }).click();
    await this.page.getByRole('button', { name: 'Copy meeting link' }).first().waitFor();
    await this.page.getByRole('button', { name: 'Add to calendar' }).first().waitFor();
  }

  async chooseKind(dialog, kind) {
    const select = dialog.getByLabel('Meeting type');
    await select.selectOption({ label: await this.optionThatBegins(select, kind) });
  }

  async optionThatBegins(select, kind) {
    const labels = await select.locator('option').allInnerTexts();
    return labels.find((label) => label.startsWith(kind)) ?? kind;
  }
}
