// usage: node pages.mjs DEMO_URL OPEN_ROUND_URL INVITATION_CODE SHOTS_DIR
// Every page at 390 and 1440 px: status, one h1, title, no sideways scroll, no console error, 0 axe violations;
// the same page with scripts off; and a whole survey without scripts.
import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { SIZES, check, context, finish, inspect, violations } from './look.mjs';

const [demo, open, code, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const PASSWORD = 'yunxi-demo-2026';

async function visit(base, path, name, cookies = [], expected = 200) {
  for (const size of SIZES) {
    const made = await context(size, true, cookies);
    const page = await made.newPage();
    const errors = [];
    page.on('console', (message) => { if (message.type() === 'error' && expected === 200) errors.push(message.text()); });
    page.on('pageerror', (error) => errors.push(String(error)));
    const reply = await page.goto(base + path, { waitUntil: 'load' });
    check(reply.status() === expected, `${name}: status ${reply.status()}`);
    await inspect(page, name, size);
    check(errors.length === 0, `${name}: ${errors.join('; ')}`);
    await page.screenshot({ path: `${shots}/${name}-${size[0]}.png`, fullPage: true });
    await made.close();
    for (const violation of await violations(base + path, size, cookies)) {
      check(false, `${name} at ${size[0]}: axe ${violation.id} at ${violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
    }
  }
  const silent = await context(SIZES[0], false, cookies);
  const page = await silent.newPage();
  const reply = await page.goto(base + path, { waitUntil: 'load' });
  check(reply.status() === expected && (await page.locator('h1').count()) === 1, `${name}: without scripts`);
  await silent.close();
}

async function signIn(account) {
  const made = await context(SIZES[1]);
  const reply = await made.request.post(`${demo}/sign-in`, { form: { account, password: PASSWORD }, headers: { Origin: demo }, maxRedirects: 0 });
  check(reply.status() === 303, `sign-in of ${account}: ${reply.status()}`);
  const cookies = await made.cookies();
  await made.close();
  return cookies;
}

// A citizen fills in a survey with scripts off, on a phone; each question page is looked at once.
async function survey() {
  const made = await context(SIZES[0], false);
  const page = await made.newPage();
  let bytes = 0, requests = 0;
  page.on('response', async (reply) => { try { requests += 1; bytes += gzipSync(await reply.body()).length; } catch { /* redirects have no body */ } });
  await page.goto(`${open}/s/2026Q3`);
  await page.fill('input[name=code]', code.toLowerCase().replaceAll('-', ' '));
  bytes = 0; requests = 0;
  await page.locator('form[action$="/enter"] button').first().click();
  await page.waitForLoadState('networkidle');
  console.log(`first question: ${requests} requests, ${bytes} bytes gz`);
  check(bytes <= 15 * 1024 && requests <= 4, `first question: ${requests} requests, ${bytes} bytes gz`);
  const seen = new Set();
  for (let n = 0; n < 60 && /\/q\/\d+$/.test(new URL(page.url()).pathname); n += 1) {
    const item = await page.getAttribute('main', 'data-item');
    if (!seen.has(item)) {
      seen.add(item);
      const cookies = await made.cookies();
      for (const size of SIZES) {
        for (const violation of await violations(page.url(), size, cookies)) check(false, `question ${item}: axe ${violation.id}`);
        const looked = await context(size, true, cookies);
        const look = await looked.newPage();
        await look.goto(page.url());
        await inspect(look, `question-${item}`, size);
        await look.screenshot({ path: `${shots}/question-${item}-${size[0]}.png`, fullPage: true });
        await looked.close();
      }
    }
    const level = page.locator('input[name=a][value="2"]');
    if (await level.count()) await level.check({ force: true });
    const text = page.locator('textarea');
    if (await text.count()) await text.first().fill('窗口排队太久，请打 13900001234 告诉我结果。');
    await page.locator('button.btn').first().click();
  }
  check(new URL(page.url()).pathname.endsWith('/check'), `the survey ends at ${page.url()}`);
  await page.screenshot({ path: `${shots}/check-390.png`, fullPage: true });
  await page.locator('form[action$="/submit"] button').first().click();
  const receipt = await page.locator('body').innerText();
  const found = receipt.match(/\b(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}\b/);
  check(found, 'the receipt shows no code');
  await page.screenshot({ path: `${shots}/receipt-390.png`, fullPage: true });
  await page.goto(`${open}/my`);
  await page.fill('input[name=code]', found ? found[0] : 'AAAA');
  await Promise.all([page.waitForNavigation(), page.locator('main form button').first().click()]);
  check((await page.locator('h1').count()) === 1, 'the lookup shows nothing');
  await page.screenshot({ path: `${shots}/lookup-390.png`, fullPage: true });
  await made.close();
}

for (const [path, name] of [
  ['/', 'home'], ['/r/2026Q3', 'quarter'], ['/r/2026Q3?v=score', 'quarter-score'], ['/r/2026Q3/d/D12', 'department'], ['/r/2026Q3/d/D63', 'department-hidden'],
  ['/r/2026Q3/matters', 'public-matters'], ['/r/2026Q3/downloads', 'downloads'], ['/method', 'method'], ['/verify', 'verify'], ['/corrections', 'corrections'],
  ['/privacy', 'privacy'], ['/accessibility', 'accessibility'], ['/my', 'my'], ['/sign-in', 'sign-in'],
]) await visit(demo, path, name);
await visit(demo, '/nowhere', 'not-found', [], 404);
await visit(demo, '/s/2026Q3', 'closed-survey');
await visit(open, '/s/2026Q3', 'landing');
await survey();
const liaison = await signIn('liaison-d12');
for (const [path, name] of [['/unit', 'unit-inbox'], ['/unit/results', 'unit-results'], ['/unit/letter', 'unit-letter'], ['/unit/bad-ratings', 'unit-bad-ratings']]) await visit(demo, path, name, liaison);
const look = await context(SIZES[1], true, liaison);
const inbox = await look.newPage();
await inbox.goto(`${demo}/unit`);
const detail = await inbox.locator('a[href*="/unit/matters/"]').first().getAttribute('href').catch(() => null);
await look.close();
check(detail, 'the inbox shows no matter');
if (detail) await visit(demo, detail, 'unit-matter', liaison);
const clerk = await signIn('clerk1');
await visit(demo, '/office', 'office', clerk);
await visit(demo, '/office/problems', 'office-problems', clerk);
await visit(demo, '/office/problems?stage=registered', 'office-problems-one', clerk);
const board = await (await context(SIZES[1], true, clerk)).newPage();
await board.goto(`${demo}/office/problems`);
for (const stage of ['registered', 'called', 're_registered', 'planned_close', 'escalated', 'closed']) {
  const first = board.locator(`section[aria-labelledby="c-${stage}"] h3 a`).first();
  check(await first.count(), `the board shows no problem that is ${stage}`);
  if (stage !== 'registered') await visit(demo, await first.getAttribute('href'), `office-problem-${stage}`, clerk);
}
await board.goto(`${demo}/office/bad-ratings`);
for (const stage of ['received', 'contacted', 'rectifying', 'appealed', 'excluded', 'fed_back', 'closed_ok', 'closed_bad']) {
  const first = board.locator(`section[aria-labelledby="c-${stage}"] h3 a`).first();
  check(await first.count(), `no bad rating is ${stage}`);
  if (['appealed', 'closed_bad'].includes(stage)) await visit(demo, await first.getAttribute('href'), `office-bad-rating-${stage}`, clerk);
}
await board.context().close();
await visit(demo, '/office/callbacks', 'office-callbacks', clerk);
await visit(demo, '/office/bad-ratings', 'office-bad-ratings', clerk);
await visit(demo, '/office/bad-ratings?stage=closed_bad', 'office-bad-ratings-one', clerk);
const watcher = await signIn('discipline');
await visit(demo, '/commission', 'commission', watcher);
await visit(demo, '/commission/problems', 'commission-problems', watcher);
await visit(demo, '/rate/pairing', 'pairing', await signIn('rater-c01'));
await visit(demo, '/agency', 'agency', await signIn('agency'));
await finish();
