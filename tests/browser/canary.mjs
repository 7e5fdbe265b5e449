// usage: node canary.mjs URL < [{role, cookies: {name: value}, paths: [...]}]
// Pages that show what attackers typed, opened in Chromium: no dialog opens, nothing is refused by our own policy, no script fails.
// First a page of our own shows that a dialog and a refusal would be seen.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { browser, check, context, finish, SIZES } from './look.mjs';

const [base] = process.argv.slice(2);
const people = JSON.parse(readFileSync(0, 'utf8'));

async function open(page, url) {
  const seen = [];
  const say = (what) => (thing) => seen.push(`${what}: ${thing.message?.() ?? thing.text?.() ?? thing}`);
  const dialog = async (opened) => { seen.push(`dialog: ${opened.message()}`); await opened.dismiss(); };
  const told = (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) seen.push(`console: ${message.text()}`); };
  page.on('dialog', dialog).on('console', told).on('pageerror', say('error'));
  const reply = await page.goto(url, { waitUntil: 'load' });
  await page.locator('a[href^="javascript:" i]').first().click({ timeout: 200 }).catch(() => {});
  page.removeAllListeners();
  return { seen, status: reply.status() };
}

async function control() {
  const policy = "default-src 'none'; script-src 'self'";
  const server = createServer((request, reply) => {
    const head = { 'Content-Type': 'text/html', ...(request.url === '/strict' ? { 'Content-Security-Policy': policy } : {}) };
    reply.writeHead(200, head).end('<title>x</title><img src=x onerror=alert(1)>');
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const made = await context(SIZES[1]);
  const own = `http://127.0.0.1:${server.address().port}`;
  const { seen: loose } = await open(await made.newPage(), `${own}/loose`);
  const { seen: strict } = await open(await made.newPage(), `${own}/strict`);
  check(loose.some((text) => text.startsWith('dialog')), 'control: a dialog is not seen');
  check(strict.some((text) => text.includes('Content Security Policy')), 'control: a refusal of the policy is not seen');
  await made.close();
  server.close();
}

await control();
let pages = 0;
for (const { role, cookies, paths } of people) {
  const made = await context(SIZES[1], true, Object.entries(cookies).map(([name, value]) => ({ name, value, url: base })));
  const page = await made.newPage();
  for (const path of paths) {
    const { seen, status } = await open(page, base + path);
    check(status === 200, `${role} ${path}: ${status}`);
    check(seen.length === 0, `${role} ${path}: ${seen.slice(0, 3).join(' | ')}`);
    pages += 1;
  }
  await made.close();
}
console.log(`${pages} pages in ${browser.browserType().name()} as ${people.length} people`);
await finish();
