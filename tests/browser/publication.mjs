// usage: node publication.mjs DEMO_URL SHOTS_DIR UNIT ORDER      ORDER: number of an order of UNIT that counts
// A published round is corrected without scripts: asked for, agreed to by another, checked, sent back, agreed to by two, read inside,
// public; what is public stays public until then, and the old version says what took its place.
import { SIZES, check, context, finish, lookAt } from './look.mjs';

const [base, shots, unit, order] = process.argv.slice(2);
const round = '2026Q3';

async function signedIn(account) {
  const made = await context(SIZES[0], false);
  await made.request.post(`${base}/sign-in`, { form: { account, password: 'yunxi-demo-2026' }, headers: { Origin: base }, maxRedirects: 0 });
  return made.newPage();
}
const said = async (page, path) => { await page.goto(`${base}${path}`); return page.locator('body').innerText(); };
const main = (page) => page.locator('main').innerText();
async function step(page, code, fields = {}) {
  await page.goto(`${base}/office/publish`);
  const form = page.locator('form.work', { has: page.locator(`input[name=step][value=${code}]`) });
  if (await form.count() === 0) return null;
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name=${name}]`);
    const kind = await field.first().evaluate((element) => element.type);
    if (kind === 'radio') await form.locator(`[name=${name}][value=${value}]`).check();
    else if (kind === 'select-one') await field.selectOption(value);
    else await field.fill(value);
  }
  await form.locator('[required]').evaluateAll((all) => all.forEach((field) => field.removeAttribute('required')));
  await form.locator('button.b--p').click();
  await page.waitForLoadState('load');
  return main(page);
}
const has = (text, words, what) => check(text !== null && text.includes(words), `${what}: ${(text ?? 'no form').slice(0, 400)}`);

const [clerk, leader, discipline, liaison] = await Promise.all(['clerk1', 'leader', 'discipline', 'liaison-d12'].map(signedIn));
let visitor = await (await context(SIZES[0], false)).newPage();
const digest = async () => (await said(visitor, `/r/${round}`)).match(/校验码\s*([0-9a-f ]+)/)?.[1].replaceAll(' ', '').slice(0, 16);
const first = await digest();

await lookAt(`${base}/office/publish`, 'publish-done', await clerk.context().cookies(), shots);
has(await said(liaison, `/bulletins/${round}`), '位次', 'a public bulletin leads to its page');
has(await step(clerk, 'correct', { unit, order: 'YX-NO-SUCH', reason: '这张工单由区里办理' }), 'WF-122', 'an order that is not there');
check(await clerk.locator('[name=reason]').inputValue() === '这张工单由区里办理', 'what was typed is lost');
has(await step(clerk, 'correct', { unit, order, reason: '这张工单由区里办理，不属于该部门' }), '等另一个人决定', 'the correction waits');
check(await step(clerk, 'decide') === null, 'who asked decides as well');
await lookAt(`${base}/office/publish`, 'publish-correction', await discipline.context().cookies(), shots);
has(await step(discipline, 'decide', { decision: 'agree' }), '第 2 版', 'a new version begins');
check(await digest() === first, 'what is public changed before the road was gone');
check((await liaison.goto(`${base}/bulletins/${round}`)).status() === 404, 'a unit reads what two have not agreed to');
has(await said(clerk, `/bulletins/${round}`), '还没有公开', 'those who publish see what would be');
has(await step(clerk, 'review'), '报请公布', 'checked');
check(await step(clerk, 'approve') === null, 'a clerk approves');
has(await step(leader, 'send_back', { reason: ' ' }), 'PU-106', 'sent back without a reason');
has(await step(leader, 'send_back', { reason: '更正的原因再写清楚一些' }), '更正的原因再写清楚一些', 'the reason is shown');
has(await step(clerk, 'review'), '报请公布', 'checked again');
has(await step(leader, 'propose'), '有效到', 'the first agreement has its day');
check(await step(leader, 'approve') === null, 'the same person agrees twice');
await lookAt(`${base}/office/publish`, 'publish-proposed', await leader.context().cookies(), shots);
has(await step(discipline, 'approve'), '内部发布', 'both agreed');
has(await said(liaison, `/bulletins/${round}`), '请不要外传', 'units read it first');
await lookAt(`${base}/bulletins/${round}`, 'bulletin-inside', await liaison.context().cookies(), shots);
check(await digest() === first, 'public before its release');
check((await visitor.goto(`${base}/bulletins/${round}`)).url().includes('/sign-in'), 'a visitor reads what is inside');
has(await step(discipline, 'release'), '现在是“已公布”', 'released');
visitor = await (await context(SIZES[0], false)).newPage();  // a public page may be a minute old in a browser that has seen it

check(await digest() !== first, 'the new version is not public');
has(await said(visitor, `/r/${round}`), '第 2 版（有更正）', 'the version is not named');
has(await said(visitor, `/r/${round}/v/1`), '已由第 2 版更正替代', 'the old version does not say what took its place');
has(await said(visitor, '/corrections'), '不属于该部门', 'the log does not say why');
await visitor.goto(`${base}/verify`);
await visitor.locator('[name=code]').fill(first);
await visitor.locator('form').filter({ has: visitor.locator('[name=code]') }).locator('button').click();
has(await main(visitor), '已更正', 'an old code');
for (const [path, name] of [[`/r/${round}/v/1`, 'bulletin-replaced'], ['/corrections', 'corrections-one'], [`/r/${round}`, 'bulletin-corrected']]) await lookAt(`${base}${path}`, name, [], shots);
await finish();
