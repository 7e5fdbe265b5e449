// usage: node open_link.mjs OPEN_LINK_URL SHOTS_DIR
// An open link: a browser with scripts works in the background and goes straight in, one without asks for a sum.
import { SIZES, check, context, finish, inspect, scan, seen } from './look.mjs';

const [link, shots] = process.argv.slice(2);
const start = (page) => page.locator('form[action$="/enter"] .acts button').first().click();
const inside = (page) => page.waitForURL('**/q/1', { timeout: 30_000 }).then(() => true, () => false);

for (const scripts of [true, false]) {
  const made = await context(SIZES[0], scripts);
  const page = await made.newPage();
  await page.goto(link);
  await start(page);
  if (!scripts) {
    const sum = async () => (await page.locator('label[for=answer]').innerText()).match(/\d+/g).map(Number).reduce((a, b) => a + b);
    await page.locator('#answer').fill(String(await sum() + 1));
    await start(page);
    check((await page.locator('[role=alert]').count()) === 1, 'a wrong sum is not said to be wrong');
    await page.screenshot({ path: `${shots}/sum-wrong-390.png`, fullPage: true });
    await page.locator('#answer').fill(` ${await sum()} `);
    await start(page);
  }
  check(await inside(page), `${scripts ? 'work' : 'a sum'} leads to ${page.url()}`);
  await made.close();
}

// Helping somebody else is kept while the browser works.
const helping = await (await context(SIZES[0])).newPage();
await helping.goto(link);
await helping.locator('summary').first().click();
await helping.locator('button[name=assisted]').click();
check(await inside(helping) && (await helping.locator('main').innerText()).includes('请念'), 'helping somebody else is forgotten while the browser works');

for (const size of SIZES) {
  const page = await (await seen(size, [])).newPage();
  await page.goto(link);
  await page.evaluate(() => { document.querySelector('[name=work]').value = 'of another round'; });
  await start(page);
  await page.waitForURL('**/enter');
  await inspect(page, 'sum', size);
  await page.screenshot({ path: `${shots}/sum-${size[0]}.png`, fullPage: true });
  for (const violation of (await scan(page)).violations) check(false, `sum at ${size[0]}: axe ${violation.id}`);
}
await finish();
