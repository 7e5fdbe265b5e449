// usage: node follow_up.mjs DEMO_URL SHOTS_DIR DEMO_SUMMARY
// What became of it, in every state a matter stands in, and the rating of the answer: once, with scripts and without.
import { mkdirSync, readFileSync } from 'node:fs';
import { SIZES, check, context, finish, inspect, scan, seen } from './look.mjs';

const [base, shots, summary] = process.argv.slice(2);
const receipts = JSON.parse(readFileSync(summary, 'utf8')).receipts;
const ASKED = 'form[action="/my/rate"] button';
const WORDS = '下午去还是排了很久，请打 13900001234。';
mkdirSync(shots, { recursive: true });

async function lookUp(page, receipt) {
  await page.goto(`${base}/my`);
  await page.fill('input[name=code]', receipt);
  await page.locator('main form button').click();
  await page.waitForLoadState('load');
}

async function photograph(page, name, size) {
  await inspect(page, name, size);
  await page.screenshot({ path: `${shots}/${name}-${size[0]}.png`, fullPage: true });
  for (const violation of (await scan(page)).violations) check(false, `${name} at ${size[0]}: axe ${violation.id} at ${violation.nodes[0].target.join(' ')}`);
}

for (const [stage, receipt] of Object.entries(receipts)) {
  for (const size of SIZES) {
    const made = await seen(size, []);
    const page = await made.newPage();
    await lookUp(page, receipt);
    check((await page.locator('.way').count()) >= 1, `${stage}: nothing is told`);
    const open = ['reported', 'verified', 'closed'].includes(stage);
    check(!open || (await page.locator(ASKED).count()) >= 1, `${stage}: the answer cannot be rated`);
    await photograph(page, `lookup-${stage}`, size);
    if (stage === 'closed') {
      await page.locator(ASKED).first().click();
      await page.waitForLoadState('load');
      await photograph(page, 'rating', size);
      await page.locator('button[value=send]').click();
      await page.waitForLoadState('load');
      await photograph(page, 'rating-blank', size);
    }
    await made.close();
  }
}

async function rate(scripts, receipt, language) {
  const kind = scripts ? 'scripts' : 'plain';
  const made = await context(SIZES[0], scripts);
  const page = await made.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  if (language) await page.goto(`${base}/en/my`);
  await lookUp(page, receipt.toLowerCase().replaceAll('-', ' '));
  await page.locator('.fs button[value="1"]').click();
  await page.waitForLoadState('load');
  check((await page.inputValue('input[name=code]')) === (scripts ? receipt : ''), `${kind}: larger text forgets the receipt`);
  await lookUp(page, receipt);
  const before = await page.locator(ASKED).count();
  await page.locator(ASKED).first().click();
  await page.waitForLoadState('load');
  check((await page.locator('input:checked').count()) === 0, `${kind}: a level is preselected`);
  for (const box of await page.locator('.opt label').all()) check((await box.boundingBox()).height >= 60, `${kind}: a target below 60 px`);
  await page.locator('textarea').fill(WORDS);
  await page.locator('button[value=send]').click();
  await page.waitForLoadState('load');
  check((await page.locator('[role=alert]').count()) === 1 && (await page.inputValue('textarea')) === WORDS, `${kind}: sending without a level`);
  await page.locator('input[name=a][value="2"]').check({ force: true });
  await page.locator('button[value=send]').dblclick();
  await page.locator('[role=status]').waitFor();
  const told = await page.locator('main').innerText();
  const [given, thanks] = language ? ['Your rating: Dissatisfied', 'Noted'] : ['您评的是：不满意', '记下了'];
  check(told.includes(given) && told.includes(thanks), `${kind}: the rating is not shown`);
  check(told.includes('【电话】') && !told.includes('13900001234'), `${kind}: a telephone number is shown`);
  await page.screenshot({ path: `${shots}/rated-${kind}-390.png`, fullPage: true });
  await lookUp(page, receipt);
  check((await page.locator(ASKED).count()) === before - 1, `${kind}: it can be rated again`);
  const again = await page.request.post(`${base}/my/rate`, { form: { code: receipt, matter: 'ZG-2026Q3-0001', a: '5', go: 'send' }, headers: { Origin: base } });
  check(again.ok() && !(await again.text()).includes('非常满意'), `${kind}: another matter is rated`);
  check(errors.length === 0, `${kind}: ${errors.join('; ')}`);
  await made.close();
}

await rate(true, receipts.closed);
await rate(false, receipts.reported, 'en');

// The office reads it where it verifies; the unit does not.
const office = await context(SIZES[1]);
await office.request.post(`${base}/sign-in`, { form: { account: 'clerk1', password: 'yunxi-demo-2026' }, headers: { Origin: base }, maxRedirects: 0 });
const desk = await office.newPage();
await desk.goto(`${base}/office/matters?t=unhappy`);
await desk.screenshot({ path: `${shots}/office-unhappy-1440.png`, fullPage: true });
await desk.locator('a.it').first().click();
await desk.waitForLoadState('load');
check((await desk.locator('main').innerText()).includes('群众追评'), 'the office does not see the ratings');
const cookies = await office.cookies();
for (const size of SIZES) {
  const made = await seen(size, cookies);
  const page = await made.newPage();
  await page.goto(desk.url());
  await photograph(page, 'office-matter-rated', size);
  await made.close();
}
await office.close();
await finish();
