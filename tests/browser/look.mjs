// One browser, and what every page must hold: status, one h1, title, no sideways scroll, nothing inline, 0 axe violations.
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
export const SIZES = [[390, 844], [1440, 900]];
export const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
let passed = 0;
const failures = [];
export const check = (holds, text) => { if (holds) passed += 1; else { failures.push(text); console.log('FAIL', text); } };

export async function context([width, height], javaScriptEnabled = true, cookies = []) {
  const made = await browser.newContext({ viewport: { width, height }, isMobile: width < 500, javaScriptEnabled, locale: 'zh-CN', bypassCSP: false });
  await made.addCookies(cookies);
  return made;
}

export async function inspect(page, name, size) {
  const facts = await page.evaluate(() => ({
    h1: document.querySelectorAll('h1').length, title: document.title, lang: document.documentElement.lang,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    inline: document.querySelectorAll('[style],script:not([src]),style').length,
  }));
  check(facts.h1 === 1, `${name}: ${facts.h1} h1`);
  check(facts.title.length > 3 && facts.lang.length > 1, `${name}: title or lang is missing`);
  check(facts.wide <= 0, `${name}: ${facts.wide} px sideways at ${size[0]}`);
  check(facts.inline === 0, `${name}: ${facts.inline} inline styles or scripts`);
}

export const scan = (page) => page.evaluate(axe).then(() => page.evaluate((rules) => axe.run(document, { runOnly: { type: 'tag', values: rules } }), RULES));
export const seen = (size, cookies) => browser.newContext({ viewport: { width: size[0], height: size[1] }, isMobile: size[0] < 500, bypassCSP: true, locale: 'zh-CN' })
  .then(async (made) => { await made.addCookies(cookies); return made; });

export async function violations(url, size, cookies) {
  const made = await seen(size, cookies);
  const page = await made.newPage();
  await page.goto(url, { waitUntil: 'load' });
  const found = await scan(page);
  await made.close();
  return found.violations;
}

// A page as this person sees it, at both sizes: inspected, photographed, scanned.
export async function lookAt(url, name, cookies, shots) {
  mkdirSync(shots, { recursive: true });
  for (const size of SIZES) {
    const made = await seen(size, cookies);
    const page = await made.newPage();
    await page.goto(url, { waitUntil: 'load' });
    await inspect(page, name, size);
    await page.screenshot({ path: `${shots}/${name}-${size[0]}.png`, fullPage: true });
    for (const violation of (await scan(page)).violations) {
      check(false, `${name} at ${size[0]}: axe ${violation.id} at ${violation.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`);
    }
    await made.close();
  }
}

export async function finish() {
  await browser.close();
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exit(failures.length ? 1 : 0);
}

// A password an official chose after the first one.
export const own = (account) => `vT8kuzgm4qBx-${account}`;

// The cookies of an official who signs in; a first password is changed on the way.
export async function enter(base, account, password) {
  const made = await context(SIZES[1]);
  const post = (path, form) => made.request.post(`${base}${path}`, { form, headers: { Origin: base }, maxRedirects: 0 });
  const reply = await post('/sign-in', { account, password });
  check(reply.status() === 303, `sign-in of ${account}: ${reply.status()}`);
  const work = await made.request.get(`${base}/work`, { maxRedirects: 0 });
  if (work.headers().location === '/account') {
    const changed = await post('/account/password', { old: password, new: own(account), again: own(account) });
    check(changed.status() === 303, `password of ${account}: ${changed.status()}`);
  }
  const cookies = await made.cookies();
  await made.close();
  return cookies;
}
