// The page speaks the language of whoever reads it: their account's, else what they chose here, else
// their browser's. Changing it never touches the call, and lines run as the language has them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Member } from './members.mjs';
import { launch, Person } from './people.mjs';
import { System, until } from './system.mjs';

/** What people hear, by the browser's language. */
const HEARD = {
  'de-DE': {
    lang: 'de',
    chunk: 'german',
    newMeeting: 'Neues Meeting',
    code: 'Meeting-Code oder Link',
    features: 'Funktionen',
    theme: 'Farbschema wechseln',
    language: 'Sprache',
    name: 'Ihr Name',
    camera: 'Kamera',
    join: 'Am Meeting teilnehmen',
    controls: 'Bedienelemente',
    mute: 'Mikrofon stummschalten',
    cameraOff: 'Kamera ausschalten',
    chat: 'Chat',
    log: 'Chatnachrichten',
    people: 'Personen',
    list: 'Teilnehmende',
    settings: 'Einstellungen',
    layout: 'Ansicht',
    leave: 'Verlassen',
  },
  es: {
    lang: 'es',
    chunk: 'spanish',
    newMeeting: 'Nueva reunión',
    code: 'Código o enlace de la reunión',
    features: 'Características',
    theme: 'Cambiar tema',
    language: 'Idioma',
    name: 'Tu nombre',
    camera: 'Cámara',
    join: 'Unirse a la reunión',
    controls: 'Controles de la llamada',
    mute: 'Silenciar micrófono',
    cameraOff: 'Desactivar cámara',
    chat: 'Chat',
    log: 'Mensajes del chat',
    people: 'Personas',
    list: 'Participantes',
    settings: 'Configuración',
    layout: 'Diseño',
    leave: 'Salir',
  },
  fr: {
    lang: 'fr',
    chunk: 'french',
    newMeeting: 'Nouvelle réunion',
    code: 'Code ou lien de réunion',
    features: 'Fonctionnalités',
    theme: 'Changer de thème',
    language: 'Langue',
    name: 'Votre nom',
    camera: 'Caméra',
    join: 'Rejoindre la réunion',
    controls: 'Commandes de l’appel',
    mute: 'Couper le micro',
    cameraOff: 'Désactiver la caméra',
    chat: 'Discussion',
    log: 'Messages de la discussion',
    people: 'Participants',
    list: 'Participants',
    settings: 'Paramètres',
    layout: 'Disposition',
    leave: 'Quitter',
  },
  'zh-CN': {
    lang: 'zh-Hans',
    chunk: 'chinese',
    newMeeting: '新会议',
    code: '会议代码或链接',
    features: '功能',
    theme: '切换主题',
    language: '语言',
    name: '你的名字',
    camera: '摄像头',
    join: '加入会议',
    controls: '通话控制',
    mute: '静音',
    cameraOff: '关闭摄像头',
    chat: '聊天',
    log: '聊天消息',
    people: '成员',
    list: '参会者',
    settings: '设置',
    layout: '布局',
    leave: '离开',
  },
  ar: {
    lang: 'ar',
    chunk: 'arabic',
    newMeeting: 'اجتماع جديد',
    code: 'رمز الاجتماع أو رابطه',
    features: 'المزايا',
    theme: 'تبديل المظهر',
    language: 'اللغة',
    name: 'اسمك',
    camera: 'الكاميرا',
    join: 'الانضمام إلى الاجتماع',
    controls: 'أدوات المكالمة',
    mute: 'كتم الميكروفون',
    cameraOff: 'إيقاف الكاميرا',
    chat: 'الدردشة',
    log: 'رسائل الدردشة',
    people: 'المشاركون',
    list: 'المشاركون',
    settings: 'الإعدادات',
    layout: 'التخطيط',
    leave: 'مغادرة',
  },
};
const ARABIC = HEARD.ar;

let system;
let browser;
let grace;
let link;

before(async () => {
  system = await System.start({ engines: 1 });
  browser = await launch();
  grace = await Person.arrive(browser, 'Grace');
  link = await grace.startMeeting(system.url);
  await grace.join();
});

after(async () => {
  await browser?.close();
  await system?.stop();
});

/** Which languages' words the page has fetched, each once over the network: they are imported from the browser's cache. */
async function fetched(person) {
  const files = await person.page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name, transferSize }) => ({ name, came: transferSize > 0 })),
  );
  const words = files
    .map((file) => ({ ...file, language: /\/(german|spanish|french|chinese|arabic)-[\w-]+\.js$/.exec(file.name)?.[1] }))
    .filter(({ language }) => language);
  const came = words.filter((one) => one.came);
  assert.equal(came.length, new Set(came.map(({ name }) => name)).size);
  return [...new Set(words.map(({ language }) => language))];
}

const marks = (person) => person.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);
const speaks = (person, lang, dir = 'ltr') =>
  until(`the page of ${person.name} speaks ${lang}`, async () => (await marks(person)).join() === `${lang},${dir}`);
const button = (person, name) => person.page.getByRole('button', { name, exact: true });
const control = (person, heard, name) =>
  person.page.getByRole('toolbar', { name: heard.controls, exact: true }).getByRole('button', { name, exact: true });

async function joinAs(person, heard) {
  await person.page.goto(link);
  await person.page.getByRole('textbox', { name: heard.name, exact: true }).fill(person.name);
  await button(person, heard.join).click();
  await person.page.getByRole('toolbar', { name: heard.controls, exact: true }).waitFor();
}

async function notWider(person, where) {
  const [content, window] = await person.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${where} is ${content} px wide in a window of ${window}`);
}

for (const [locale, heard] of Object.entries(HEARD)) {
  test(`a browser that reads ${locale} hears it on the landing page, before and in the meeting`, async () => {
    const person = await Person.arrive(browser, `Reader ${heard.lang}`, { locale });
    const { page } = person;
    await page.goto(system.url);
    await button(person, heard.newMeeting).waitFor();
    assert.deepEqual(await marks(person), [heard.lang, locale === 'ar' ? 'rtl' : 'ltr']);
    assert.deepEqual(await fetched(person), [heard.chunk]);
    await page.getByRole('textbox', { name: heard.code, exact: true }).waitFor();
    await page.getByRole('region', { name: heard.features, exact: true }).waitFor();
    await button(person, heard.theme).waitFor();
    await page.getByRole('combobox', { name: heard.language, exact: true }).waitFor();

    await page.goto(link);
    await page.getByRole('combobox', { name: heard.camera, exact: true }).waitFor();
    await button(person, heard.mute).waitFor();
    await joinAs(person, heard);
    await button(person, heard.cameraOff).waitFor();
    await control(person, heard, heard.chat).click();
    await page.getByRole('log', { name: heard.log, exact: true }).waitFor();
    await control(person, heard, heard.people).click();
    await page.getByRole('list', { name: heard.list, exact: true }).waitFor();
    await person.seesTile('Grace');
    await control(person, heard, heard.leave).click();
    await page.getByRole('toolbar', { name: heard.controls, exact: true }).waitFor({ state: 'detached' });
    assert.deepEqual(person.problems, []);
    await person.context.close();
  });
}

test('who reads English fetches no other words, and a language without a catalogue gets English', async () => {
  for (const locale of ['en-GB', 'pt-BR']) {
    const person = await Person.arrive(browser, 'Ada', { locale });
    await person.page.goto(system.url, { waitUntil: 'networkidle' });
    await button(person, 'New meeting').waitFor();
    assert.deepEqual(await marks(person), ['en', 'ltr']);
    assert.deepEqual(await fetched(person), []);
    await person.context.close();
  }
});

test('words that cannot be loaded leave the page in English, and it says what to do', async () => {
  const person = await Person.arrive(browser, 'Ada', { locale: 'fr-FR' });
  await person.context.route(/\/(french|german)-[\w-]+\.js$/, (route) => route.abort());
  await person.page.goto(system.url);
  await button(person, 'New meeting').waitFor();
  const choice = person.page.getByRole('combobox', { name: 'Language', exact: true });
  await choice.selectOption('de');
  await person.page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
  assert.equal(await choice.inputValue(), 'en');
  assert.deepEqual(await marks(person), ['en', 'ltr']);
  await person.context.close();
});

test('a language that was chosen stays, whatever the browser reads', async () => {
  const person = await Person.arrive(browser, 'Ada', { locale: 'de-DE' });
  await person.page.goto(system.url);
  const choice = person.page.getByRole('combobox', { name: 'Sprache', exact: true });
  await choice.focus();
  await choice.selectOption('ar');
  await speaks(person, 'ar', 'rtl');
  // The same field has the focus still, under its new name.
  assert.equal(
    await person.page.getByRole('combobox', { name: ARABIC.language, exact: true }).evaluate((field) => field === document.activeElement),
    true,
  );
  await person.page.reload();
  await button(person, ARABIC.newMeeting).waitFor();
  assert.deepEqual(await marks(person), ['ar', 'rtl']);
  assert.deepEqual(await fetched(person), ['arabic']);
  await person.page.goto(link);
  await button(person, ARABIC.join).waitFor();
  await person.context.close();
});

test('changing the language in the call leaves its connection and pictures alone', async () => {
  const ada = await Person.arrive(browser, 'Ada');
  const { page } = ada;
  await ada.openLink(link);
  await ada.join();
  await ada.seesAndHears(['Grace']);
  const connections = () => page.evaluate(() => window.observed.connections.map(({ connectionState }) => connectionState));
  const before = await connections();
  const descriptions = await ada.descriptions();
  await page.evaluate(() => {
    window.kept = [...document.querySelectorAll('[data-participant] video')];
  });

  await ada.openPanel('Settings');
  await page.getByRole('complementary', { name: 'Settings' }).getByRole('combobox', { name: 'Language', exact: true }).selectOption('ar');
  await speaks(ada, 'ar', 'rtl');
  await control(ada, ARABIC, ARABIC.mute).waitFor();
  await page.getByRole('complementary', { name: ARABIC.settings }).waitFor();
  await ada.seesAndHears(['Grace']);
  assert.deepEqual(await connections(), before);
  assert.deepEqual(await ada.descriptions(), descriptions);
  assert.equal(await page.evaluate(() => window.kept.length > 0 && window.kept.every((video) => video.isConnected)), true);
  assert.equal(await grace.tile('Ada').count(), 1);

  // What comes by itself comes in the new language.
  await control(ada, ARABIC, ARABIC.settings).click();
  await grace.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name: 'Raise hand' }).click();
  await until('a hand is announced in Arabic', () =>
    page.locator('.toasts').evaluate((toasts) => /Grace/.test(toasts.innerText) && /[\u0600-\u06ff]/.test(toasts.innerText)),
  );
  await grace.page.getByRole('toolbar', { name: 'Call controls' }).getByRole('button', { name: 'Lower hand' }).click();
  await ada.context.close();
});

test('the account of who is signed in rules, and is what their choice changes', async () => {
  const noor = await Member.arrive(browser, 'Noor', { locale: 'en-US' });
  const { page } = noor;
  await noor.becomeMember(system);
  assert.deepEqual(await marks(noor), ['en', 'ltr']);
  await page.goto(`${system.url}/profile`);
  await page.getByRole('combobox', { name: 'Language and region' }).selectOption('de-AT');
  await speaks(noor, 'de');
  await page.getByRole('heading', { name: 'Profil', exact: true }).waitFor();

  // On another device, whose browser reads French and where Spanish was chosen.
  const other = await Member.arrive(browser, 'Noor', { locale: 'fr-FR' });
  await other.page.goto(system.url);
  await other.page.getByRole('combobox', { name: 'Langue', exact: true }).selectOption('es');
  await speaks(other, 'es');
  await other.page.goto(`${system.url}/signin`);
  await other.page.getByRole('textbox', { name: 'Correo electrónico' }).fill(noor.email);
  await other.page.getByRole('textbox', { name: 'Contraseña', exact: true }).fill('correct horse battery staple');
  await other.page.getByRole('main').getByRole('button', { name: 'Iniciar sesión', exact: true }).click();
  await other.page.waitForURL(/\/home$/);
  await speaks(other, 'de');
  await other.page.getByRole('button', { name: 'Meeting planen' }).waitFor();

  // A choice on the landing page is the account's, too: the first device follows.
  await other.page.goto(system.url);
  await other.page.getByRole('combobox', { name: 'Sprache', exact: true }).selectOption('zh');
  await speaks(other, 'zh-Hans');
  await until('the account speaks Chinese on the other device', async () => {
    await page.reload();
    await page.getByRole('combobox').first().waitFor();
    return (await marks(noor))[0] === 'zh-Hans';
  });
  await noor.context.close();
  await other.context.close();
});

for (const viewport of [{ width: 320, height: 640 }, { width: 360, height: 740 }, { width: 1440, height: 900 }]) {
  test(`in Arabic nothing scrolls sideways at ${viewport.width} px`, async () => {
    const person = await Person.arrive(browser, 'نور', { locale: 'ar', viewport });
    const { page } = person;
    await page.goto(system.url);
    await button(person, ARABIC.newMeeting).waitFor();
    await notWider(person, 'the landing page');
    await page.goto(link);
    await button(person, ARABIC.join).waitFor();
    await notWider(person, 'the page before the meeting');
    await joinAs(person, ARABIC);
    await person.seesTile('Grace');
    await notWider(person, 'the call');
    for (const panel of [ARABIC.chat, ARABIC.people, ARABIC.settings]) {
      await control(person, ARABIC, panel).click();
      const opened = page.getByRole('complementary', { name: panel, exact: true });
      await opened.waitFor();
      await notWider(person, `the call with ${panel}`);
      // It stands where lines end: at the left.
      if (viewport.width > 760) assert.ok((await opened.boundingBox()).x < 20);
      await opened.getByRole('button', { name: 'إغلاق', exact: true }).click();
    }
    await control(person, ARABIC, ARABIC.layout).click();
    await page.getByRole('dialog', { name: ARABIC.layout, exact: true }).waitFor();
    await notWider(person, 'the call with layouts');
    await page.keyboard.press('Escape');
    await person.context.close();
  });
}

test('in Arabic, arrows walk the way the buttons stand', async () => {
  const person = await Person.arrive(browser, 'نور', { locale: 'ar' });
  await joinAs(person, ARABIC);
  const first = control(person, ARABIC, ARABIC.mute);
  const second = control(person, ARABIC, ARABIC.cameraOff);
  assert.ok((await second.boundingBox()).x < (await first.boundingBox()).x);
  await first.focus();
  await person.page.keyboard.press('ArrowLeft');
  assert.equal(await second.evaluate((element) => element === document.activeElement), true);
  await person.page.keyboard.press('ArrowRight');
  assert.equal(await first.evaluate((element) => element === document.activeElement), true);
  await person.context.close();
});

test('the carousel scrolls to where lines run, and back', async () => {
  const person = await Person.arrive(browser, 'نور', { locale: 'ar', viewport: { width: 360, height: 740 } });
  await person.page.goto(system.url);
  const region = person.page.getByRole('region', { name: ARABIC.features, exact: true });
  const cards = region.getByRole('listitem');
  const shown = async (place) => {
    const box = await cards.nth(place).boundingBox();
    return box.x >= 0 && box.x + box.width <= 361;
  };
  await until('the first card is shown', () => shown(0));
  await region.getByRole('button', { name: 'الميزة التالية', exact: true }).click();
  await until('the second card is shown', () => shown(1));
  await region.getByRole('button', { name: 'الميزة السابقة', exact: true }).click();
  await until('the first card is shown again', () => shown(0));
  await person.context.close();
});
