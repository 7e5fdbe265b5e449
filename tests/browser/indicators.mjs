// usage: node indicators.mjs DEMO_URL SHOTS_DIR
// A method department changes its branch of the indicator tree without scripts: a sum that is wrong, a preview, a proposal; it cannot
// approve itself; the leader approves, the change that came from the same branch is told who was first; then what scripts add.
import { SIZES, check, context, finish, lookAt } from './look.mjs';

const [base, shots] = process.argv.slice(2);
async function signedIn(account, scripts = false) {
  const made = await context(SIZES[scripts ? 1 : 0], scripts);
  await made.request.post(`${base}/sign-in`, { form: { account, password: 'yunxi-demo-2026' }, headers: { Origin: base }, maxRedirects: 0 });
  return made;
}
const main = (page) => page.locator('main').innerText();
async function says(page, words, what) { const said = await main(page); check(said.includes(words), `${what}: ${said.slice(0, 400)}`); }
async function press(page, words) { await page.locator('button', { hasText: words }).first().click(); await page.waitForLoadState('load'); }
const at = (page, code) => page.locator(`[role=group][aria-label="${code}"]`);
const fill = (page, code, field, value) => at(page, code).locator(`[name^=${field}-]`).fill(value);
const value = (page, code, field) => at(page, code).locator(`[name^=${field}-]`).inputValue();

const department = await signedIn('method-m3');
const page = await department.newPage();
await page.goto(`${base}/work`);
check(new URL(page.url()).pathname === '/indicators', `the first page is ${page.url()}`);
check((await page.locator('.leaf [value="Z104"]').count()) === 0, 'the branch of another department can be edited');
check((await main(page)).includes('Z104'), 'the whole tree is not to be read');
await lookAt(page.url(), 'indicators', await department.cookies(), shots);

// A sum that is wrong and a word for a number: refused with place, rule and remedy; everything typed is still there.
await fill(page, 'Z213', 'points', '4.5');
await fill(page, 'Z214', 'name', '诉求人评价满意');
await press(page, '看改动');
await says(page, 'Z2 优化办事服务：本单位的指标合计 13.5 分，应为 13 分；请调整分值', 'a wrong sum is taken');
check((await value(page, 'Z213', 'points')) === '4.5' && (await value(page, 'Z214', 'name')) === '诉求人评价满意', 'what was typed is lost');
check((await page.locator('[name=act][value=send]').count()) === 0, 'a wrong sum can be sent');
await page.screenshot({ path: `${shots}/indicators-refused-390.png`, fullPage: true });
await fill(page, 'Z214', 'points', '三点五');
await press(page, '看改动');
await says(page, 'Z214：分值“三点五”不是数字', 'a word is taken for points');

// A new leaf and one given up; the preview says so, and what was not previewed is not sent.
await fill(page, 'Z214', 'points', '3');
await at(page, 'Z215').locator('[type=checkbox]').check();
const fresh = page.locator('fieldset:has([value="Z213"])').locator('[aria-label=新指标]').first();
await fresh.locator('[name^=name-]').fill('重复诉求办结');
await fresh.locator('[name^=points-]').fill('1.5');
await fresh.locator('select').selectOption('hotline');
await press(page, '看改动');
for (const words of ['Z213“诉求解决”分值 4 改为 4.5', '撤销 Z215', '新增 Z222“重复诉求办结”，1.5 分']) await says(page, words, 'not in the preview');
await fill(page, 'Z212', 'name', '诉求响应快');
await page.fill('[name=note]', '按市里新的热线办法');
await press(page, '送评价办核准');
await says(page, 'Z212 名称“诉求响应”改为“诉求响应快”', 'something was sent that nobody saw');
check((await page.inputValue('[name=note]')) === '按市里新的热线办法', 'the reason is lost');
await page.fill('[name=note]', '');
await press(page, '送评价办核准');
await says(page, '“改动理由”没有填写', 'sent without a reason');
await page.fill('[name=note]', '按市里新的热线办法');
await page.screenshot({ path: `${shots}/indicators-preview-390.png`, fullPage: true });
await press(page, '送评价办核准');
await says(page, '已送评价办，核准以后才生效', 'not sent');
await says(page, '现行第 1 版', 'it counts before it is approved');

// Whoever proposed it cannot approve it, nor can a clerk.
for (const account of ['method-m3', 'clerk1']) {
  const other = account === 'clerk1' ? await signedIn(account) : department;
  const tried = await other.request.post(`${base}/office/indicators`, { form: { act: 'approve', number: '2' }, headers: { Origin: base }, maxRedirects: 0 });
  check(tried.status() === 403, `${account} approves: ${tried.status()}`);
  if (account === 'clerk1') await other.close();
}
check((await department.request.get(`${base}/office/indicators`)).status() === 403, 'a department reads the page of the office');

// The leader approves one; the other change of the same branch is told who and when, and goes back with a reason.
const office = await signedIn('leader');
const desk = await office.newPage();
await desk.goto(`${base}/office/indicators`);
await lookAt(desk.url(), 'office-indicators', await office.cookies(), shots);
const form = (number, act) => desk.locator(`form:has([name=number][value="${number}"]):has([name=act][value="${act}"])`);
async function decide(number, act) { await form(number, act).locator('button').click(); await desk.waitForLoadState('load'); }
await decide(2, 'approve');
await says(desk, '已核准，成为新的一版', 'not approved');
await says(desk, '第 2 版全文', 'no new version');
await decide(1, 'approve');
await says(desk, '沈怀远（评价办负责人）已在', 'who was first is not said');
await form(1, 'send_back').locator('textarea').fill('  ');
await decide(1, 'send_back');
await says(desk, '“退回理由”没有填写', 'sent back without a reason');
await form(1, 'send_back').locator('textarea').fill('请按第 2 版重提');
await decide(1, 'send_back');
await says(desk, '没有等核准的改动', 'still waiting');
await desk.goto(`${base}/office/indicators?v=1`);
await says(desk, '第 1 版全文', 'an earlier version is not to be read');

// The department sees the new version and the answer, proposes again and takes it back.
await page.goto(`${base}/indicators`);
await says(page, '现行第 2 版', 'the new version is not seen');
await says(page, '退回：请按第 2 版重提', 'the answer is not seen');
check((await value(page, 'Z222', 'name')) === '重复诉求办结', 'the new leaf is not in the form');
check((await at(page, 'Z215').count()) === 0, 'what was given up is still in the form');
await fill(page, 'Z222', 'name', '重复诉求压降');
await press(page, '看改动');
await page.fill('[name=note]', '叫法统一');
await press(page, '送评价办核准');
await press(page, '撤回');
await says(page, '已撤回', 'not taken back');

// With scripts the sum follows what is typed.
const scripted = await signedIn('method-m3', true);
const live = await scripted.newPage();
await live.goto(`${base}/indicators`);
await fill(live, 'Z213', 'points', '6.25');
check((await live.locator('fieldset:has([value="Z213"]) output').innerText()) === '现在合计 14.75 分，应为 13 分', 'the sum does not follow');
for (const made of [department, office, scripted]) await made.close();
await finish();
