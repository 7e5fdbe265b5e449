// usage: node matters.mjs DEMO_URL SHOTS_DIR
// A matter from its signature to its end by two sides without scripts: vague goal, draft, evidence, two officers at once, extension,
// not solved, done again, closed; then what scripts add.
import { SIZES, check, context, finish, lookAt } from './look.mjs';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [base, shots] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'huiyin-'));
const file = (name, bytes) => { const at = path.join(folder, name); fs.writeFileSync(at, bytes); return at; };

async function signedIn(account, scripts = false) {
  const made = await context(SIZES[scripts ? 1 : 0], scripts);
  await made.request.post(`${base}/sign-in`, { form: { account, password: 'yunxi-demo-2026' }, headers: { Origin: base }, maxRedirects: 0 });
  return made;
}
const day = (ahead) => new Date(Date.now() + (8 + 24 * ahead) * 3600e3).toISOString().slice(0, 10);
const main = (page) => page.locator('main').innerText();
const send = async (page) => { await page.locator('form.work button.b--p').click(); await page.waitForLoadState('load'); };
async function act(page, side, name, fields = {}) {
  await page.goto(`${base}/${side}/matters/${matter}?do=${name}`);
  for (const [field, value] of Object.entries(fields)) {
    const input = page.locator(`form.work [name=${field}]`);
    if ((await input.first().getAttribute('type')) === 'radio') await page.check(`form.work [name=${field}][value="${value}"]`);
    else await input.fill(value);
  }
  await send(page);
  return main(page);
}
async function says(said, words, what) { check((await said).includes(words), `${what}: ${(await said).slice(0, 300)}`); }

const liaison = await signedIn('liaison-d12');
const unit = await liaison.newPage();
await unit.goto(`${base}/unit`);
await unit.locator('.list a.new').first().click();
await unit.waitForLoadState('load');
const matter = new URL(unit.url()).pathname.split('/').pop();
await says(act(unit, 'unit', 'sign'), '已签收', 'not signed');

// A vague goal is refused and everything typed is still there; so it is as a draft.
await says(act(unit, 'unit', 'plan', { measure: '进一步加强管理', standard: '明显改善', person: '窗口科科长', due: day(1) }), '没有提交成功', 'a vague goal is taken');
check((await unit.inputValue('[name=standard]')) === '明显改善', 'what was typed is lost');
await unit.fill('[name=measure]', '增设两个窗口');
await unit.locator('button[name=draft]').click();
await unit.waitForLoadState('load');
await says(main(unit), '草稿已存', 'no draft');
check((await unit.inputValue('[name=measure]')) === '增设两个窗口', 'the draft is not in the form');

// Files are what their bytes say.
async function upload(page, at) { await page.setInputFiles('#f-evidence', at); await page.locator('.addfile button').click(); await page.waitForLoadState('load'); return main(page); }
for (const [name, bytes, code] of [['照片.jpg', '%PDF-1.7', 'RE-305'], ['空.pdf', '', 'RE-302'], ['锁.pdf', '%PDF-1.7 /Encrypt', 'RE-306'], ['程序.pdf', 'MZ', 'RE-304'], ['大.pdf', Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(21 << 20)]), 'RE-303']]) {
  await says(upload(unit, file(name, bytes)), code, `${name} is taken`);
}
check((await unit.inputValue('[name=measure]')) === '增设两个窗口', 'a refused file loses the draft');
await says(upload(unit, file('<img onerror=alert(1)>方案.pdf', '%PDF-1.7 plan')), '文件已收下', 'a good file is refused');
await lookAt(unit.url(), 'matter-evidence', await liaison.cookies(), shots);
const evidence = await unit.locator('.files a').getAttribute('href');
const stranger = await signedIn('liaison-d20');
const tried = [`/unit/matters/${matter}`, evidence].map((address) => stranger.request.get(base + address));
for (const answer of await Promise.all(tried)) check(answer.status() === 404, `another unit gets ${answer.status()}`);
await says(act(unit, 'unit', 'plan', { measure: '增设两个窗口', standard: '等候不超过 10 分钟', person: '窗口科科长', due: day(1) }), '方案已上报', 'no plan');

// Two officers at one matter: one counts, the other hears who and when.
const [first, second] = [await signedIn('clerk1'), await signedIn('clerk2')];
const [one, other] = [await first.newPage(), await second.newPage()];
for (const page of [one, other]) await page.goto(`${base}/office/matters/${matter}?do=send-back`);
await one.goto(`${base}/office/matters/${matter}?do=approve`);
await other.fill('form.work [name=text]', '请写清楚哪几个窗口');
await send(one);
await send(other);
const late = await main(other);
check(late.includes('办了“批准方案”') && late.includes('请写清楚哪几个窗口'), `who came too late: ${late.slice(0, 400)}`);
await other.screenshot({ path: `${shots}/matter-overtaken-390.png`, fullPage: true });
const opened = await first.request.get(base + evidence.replace('/unit/', '/office/'));
check(opened.status() === 200 && opened.headers()['content-disposition'].startsWith('attachment'), `the office gets ${opened.status()}`);

await says(act(unit, 'unit', 'extend', { due: day(4), text: '设备要到周末才到货' }), '延期申请已提交', 'no extension');
await says(act(one, 'office', 'grant'), '已同意延期', 'not granted');
for (const [check_, word] of [['not_solved', '退回重办'], ['solved', '已办结']]) {
  await says(act(unit, 'unit', 'report', { text: '两个窗口已经增设，等候不超过 10 分钟。' }), '结果已上报', 'no report');
  await says(act(one, 'office', 'verify', { check: check_, called: '3', satisfied: '3', text: '到现场看过' }), '核查情况已登记', 'not checked');
  if (check_ === 'solved') {
    await says(act(one, 'office', 'close', { closing: 'a' }), word, 'not closed');
  } else {
    await says(act(one, 'office', 'fail', { text: '还有一个窗口没有开' }), word, 'not reopened');
    await says(act(unit, 'unit', 'plan', { measure: '开放剩下的一个窗口', standard: '等候不超过 10 分钟', person: '窗口科科长', due: day(1) }), '方案已上报', 'no second plan');
    await says(act(one, 'office', 'approve'), '方案已批准', 'not approved again');
  }
}
await lookAt(`${base}/office/matters/${matter}`, 'matter-closed', await first.cookies(), shots);

// With scripts what is typed is kept by itself, and single keys can be turned off.
const scripted = await signedIn('clerk1', true);
const page = await scripted.newPage();
await page.goto(`${base}/office/matters/${matter}?do=reopen`);
await page.fill('form.work [name=text]', '又有人反映');
await page.locator('[data-draft]', { hasText: '草稿已自动保存' }).waitFor({ timeout: 15000 });
await page.goto(`${base}/office/matters/${matter}?do=reopen`);
check((await page.inputValue('form.work [name=text]')) === '又有人反映', 'what was typed is not kept');
await page.keyboard.press('r');
check(await page.evaluate(() => document.activeElement.name === 'text'), 'R does not lead to the form');
await page.evaluate(() => document.activeElement.blur());
await page.locator('[data-keys] button').click();
await page.evaluate(() => document.activeElement.blur());
await page.keyboard.press('r');
check(await page.evaluate(() => document.activeElement.name !== 'text'), 'keys cannot be turned off');
for (const made of [liaison, stranger, first, second, scripted]) await made.close();
fs.rmSync(folder, { recursive: true });
await finish();
