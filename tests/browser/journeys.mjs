// usage: node journeys.mjs OPEN_ROUND_URL SHOTS_DIR INVITATION_CODE...
// A citizen's whole way, once with scripts and once without: answer, low level and reasons, back, larger text, English,
// put aside and come back on another device, change an answer, hand in with a double tap, look up the receipt.
import { SIZES, check, context, finish, inspect, lookAt } from './look.mjs';

const [base, shots, ...codes] = process.argv.slice(2);
const PHONE = SIZES[0];
const WORDS = '窗口的堃喆䶮师傅态度好👵，就是排队太久。';
const path = (page) => new URL(page.url()).pathname + new URL(page.url()).search;
const item = (page) => page.getAttribute('main', 'data-item');
const press = async (page, button) => { await page.locator(`button[name=go][value=${button}]`).click(); await page.waitForLoadState('load'); };
const choose = async (page, level) => { await page.locator(`input[name=a][value="${level}"]`).check({ force: true }); };

async function enter(page, code, scripts) {
  await page.goto('about:blank');
  await page.goto(`${base}/s/2026Q3#${code}`);
  const field = page.locator('input[name=code]').first();
  if (scripts) check((await field.inputValue()) === code, 'the link does not fill in its code');
  else await field.fill(` ${code.toLowerCase().replaceAll('-', '')} `);
  await page.locator('form[action$="/enter"] button').first().click();
  await page.waitForLoadState('load');
}

async function journey(scripts, code, spare) {
  const kind = scripts ? 'scripts' : 'plain';
  const folder = `${shots}/${kind}`;
  const made = await context(PHONE, scripts);
  const page = await made.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  // Without scripts the same bytes arrive; they are scanned once.
  const look = async (name) => scripts && lookAt(page.url(), name, await made.cookies(), folder);

  await page.goto(`${base}/s/2026Q3`);
  await look('1-landing');
  await enter(page, code, scripts);
  check(path(page).endsWith('/q/1'), `${kind}: entering leads to ${path(page)}`);
  const reading = page.locator('[data-read]');
  check((await reading.isVisible()) === scripts, `${kind}: the button that reads aloud`);
  for (const box of await page.locator('.opt label').all()) check((await box.boundingBox()).height >= 60, `${kind}: a target below 60 px`);
  check((await page.locator('input:checked').count()) === 0, `${kind}: something is preselected`);
  await look('2-question');

  await press(page, 'next');
  check((await page.locator('[role=alert]').count()) === 1, `${kind}: going on without an answer`);
  await page.screenshot({ path: `${folder}/3-blank-390.png`, fullPage: true });
  await choose(page, 2);
  await press(page, 'next');
  check((await item(page)) === 'reasons', `${kind}: a low level leads to ${await item(page)}`);
  await look('4-reasons');
  await page.locator('input[name=r][value=slow]').check({ force: true });
  await page.locator('textarea').fill(WORDS);
  if (scripts) check((await page.locator('[data-count]').innerText()).includes(`${[...WORDS].length}`), 'the count of letters is not the count of letters');
  await press(page, 'next');
  const second = path(page);
  await choose(page, 4);
  await press(page, 'next');
  check(path(page) !== second && (await item(page)) === 'overall', `${kind}: a good level leads on`);

  await press(page, 'back');
  check(path(page) === second && (await page.locator('input[value="4"]').isChecked()), `${kind}: going back loses the answer`);
  await press(page, 'back');
  check((await page.locator('textarea').inputValue()) === WORDS, `${kind}: going back changes what was written`);
  await page.goto(base + second);

  // Larger text and another language in the middle of a page: what was just chosen stays, with scripts even before saving.
  await choose(page, 5);
  await page.locator('.fs button[value="2"]').click();
  await page.waitForLoadState('load');
  check((await page.getAttribute('html', 'class')) === 'fs-2', `${kind}: the text is not larger`);
  check(await page.locator(`input[value="${scripts ? 5 : 4}"]`).isChecked(), `${kind}: the size switch loses the answer`);
  const narrow = await context([320, 640], scripts, await made.cookies());
  const small = await narrow.newPage();
  await small.goto(page.url());
  await inspect(small, `${kind}: the largest text at 320 px`, [320]);
  await small.screenshot({ path: `${folder}/5-largest-320.png`, fullPage: true });
  await narrow.close();
  await look('5-largest');
  await page.locator('.fs button[value="0"]').click();
  await page.waitForLoadState('load');
  await page.locator('[data-lang=en]').click();
  await page.waitForLoadState('load');
  check((await page.getAttribute('html', 'lang')) === 'en' && path(page) === second, `${kind}: English leads to ${path(page)}`);
  check((await page.locator('h1').innerText()).startsWith('In the past three months'), `${kind}: the question is not English`);
  check(await page.locator(`input[value="${scripts ? 5 : 4}"]`).isChecked(), `${kind}: the language switch loses the answer`);
  await look('6-english');

  await press(page, 'pause');
  const resume = (await page.locator('.slip b').innerText()).trim();
  check(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/.test(resume), `${kind}: the resume code is ${resume}`);
  await look('7-paused-english');
  await page.locator('[data-lang=zh-CN]').click();
  await look('7-paused');
  await made.close();

  const other = await context(PHONE, scripts);
  const device = await other.newPage();
  device.on('pageerror', (error) => errors.push(String(error)));
  const see = async (name) => scripts && lookAt(device.url(), name, await other.cookies(), folder);
  await enter(device, resume, scripts);
  check(path(device).includes('resumed=1'), `${kind}: the resume code leads to ${path(device)}`);
  await device.screenshot({ path: `${folder}/8-resumed-390.png`, fullPage: true });
  for (let n = 0; n < 60 && !path(device).endsWith('/check'); n += 1) {
    if (await device.locator('input[name=a]').count()) await choose(device, 0);
    await press(device, 'next');
  }
  check((await device.locator('.sum').innerText()).includes(WORDS), `${kind}: the list does not show what was written`);
  await see('9-check');
  await device.locator('.sum a').first().click();
  await device.waitForLoadState('load');
  await choose(device, 1);
  await press(device, 'next');
  check(path(device).endsWith('/check') && (await device.locator('.sum').innerText()).includes('非常不满意'), `${kind}: changing an answer leads to ${path(device)}`);

  let handedIn = 0;
  device.on('request', (sent) => { if (sent.method() === 'POST' && sent.url().endsWith('/submit')) handedIn += 1; });
  await device.locator('form[action$="/submit"] button').dblclick();
  await device.waitForURL('**/receipt');
  const receipt = (await device.locator('.slip b').innerText()).trim();
  if (scripts) check(handedIn === 1, `a double tap hands in ${handedIn} times`);
  await see('10-receipt');
  await device.goBack();
  if (path(device).endsWith('/check') && (await device.locator('form[action$="/submit"]').count())) {
    await device.locator('form[action$="/submit"] button').click();
    await device.waitForLoadState('load');
    check((await device.locator('.slip b').innerText()).trim() === receipt, `${kind}: handing in again gives another receipt`);
  }
  await device.goto(`${base}/my#${receipt}`);
  if (!scripts) await device.fill('input[name=code]', receipt.toLowerCase().replace('-', ' '));
  await device.locator('main form button').click();
  await device.waitForLoadState('load');
  check((await device.locator('h1').innerText()) === '已收到', `${kind}: the receipt is not found`);
  await device.screenshot({ path: `${folder}/11-lookup-390.png`, fullPage: true });
  await device.goto(`${base}/en/my`);
  await see('12-lookup-english');
  await other.close();
  check(errors.length === 0, `${kind}: ${errors.join('; ')}`);

  // An interviewer at the door.
  const helper = await context(PHONE, scripts);
  const door = await helper.newPage();
  await door.goto(`${base}/s/2026Q3`);
  await door.locator('input[name=code]').first().fill(spare);
  await door.locator('form[action$="/enter"] summary').click();
  await door.locator('button[name=assisted]').click();
  await door.waitForLoadState('load');
  check((await door.locator('.script').innerText()).includes('您可以说：非常满意、满意、基本满意'), `${kind}: the interviewer has nothing to read`);
  if (scripts) await lookAt(door.url(), '13-assisted', await helper.cookies(), folder);
  await helper.close();
}

await journey(true, codes[0], codes[1]);
await journey(false, codes[2], codes[3]);
for (const [place, name] of [['/en/s/2026Q3', 'landing'], ['/en/privacy', 'privacy'], ['/en/help', 'help'], ['/en/s/1999Q9', 'no-round'], ['/en/s/2026Q3/check', 'no-draft']]) {
  const made = await context(PHONE);
  const page = await made.newPage();
  await page.goto(base + place);
  check((await page.getAttribute('html', 'lang')) === 'en', `${place} is not English`);
  await lookAt(page.url(), name, await made.cookies(), `${shots}/english`);
  await made.close();
}
await finish();
