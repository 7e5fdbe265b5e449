// usage: node opinions.mjs DEMO_URL SHOTS_DIR
// What people wrote, read, covered and joined by the office without scripts; a clue that only the discipline commission sees.
import { SIZES, check, context, finish, lookAt } from './look.mjs';

const [base, shots] = process.argv.slice(2);

async function signedIn(account) {
  const made = await context(SIZES[0], false);
  await made.request.post(`${base}/sign-in`, { form: { account, password: 'yunxi-demo-2026' }, headers: { Origin: base }, maxRedirects: 0 });
  return made;
}
const press = async (page, selector) => { await page.locator(selector).first().click(); await page.waitForLoadState('load'); };

const office = await signedIn('clerk1');
const clerk = await office.cookies();
const page = await office.newPage();
await lookAt(`${base}/office/opinions`, 'opinions', clerk, shots);
await page.goto(`${base}/office/opinions`);
await press(page, 'td a[href="/office/opinions/D12"]');
const unit = page.url().split('/').pop();
await lookAt(page.url(), 'opinions-unit', clerk, shots);
const waiting = Number((await page.locator('h2', { hasText: '等待归并的' }).innerText()).match(/等待归并的 ([\d,]+) 条/)[1].replace(',', ''));
await press(page, `tr:not(:has-text("只勾选了原因")) td a[href^="/office/opinions/${unit}/"]`);
const group = page.url();
await lookAt(group, 'opinions-group', clerk, shots);
const shown = await page.locator('.sayings li').count();

// What is missing or not there is said, and nothing typed is lost.
await page.fill('[name=title]', '窗口等候时间长');
await page.locator('[name^="c-"]').first().fill('不在里面的字');
await page.fill('[name=problem]', '窗口等候时间长，群众多次往返。');
await press(page, 'form.work button');
check((await page.locator('.err').innerText()).includes('不在里面的字'), 'a word that is not there is covered');
check((await page.inputValue('[name=title]')) === '窗口等候时间长', 'the title is lost');
await page.locator('[name^="c-"]').first().fill('');
if (shown > 1) await page.locator('[name^="w-"]').last().selectOption('praise');
await press(page, 'form.work button');
check(/\/office\/matters\/ZG-/.test(page.url()), `no matter was made: ${page.url()}`);
const matter = page.url().split('/').pop();
check((await page.locator('main').innerText()).includes('窗口等候时间长'), 'the matter has another title');
await lookAt(`${base}/office/matters/${matter}/words`, 'opinions-words', clerk, shots);
await page.goto(group);
check((await page.locator('main').innerText()).includes('已经有人归并'), 'a group can be joined twice');
await page.goto(`${base}/office/opinions/${unit}`);
const left = Number((await page.locator('h2', { hasText: '等待归并的' }).innerText()).match(/等待归并的 ([\d,]+) 条/)[1].replace(',', ''));
check(left === waiting - shown, `${waiting} waited, ${shown} were shown, ${left} wait now`);
check((await page.goto(`${base}/commission/clues`)).status() === 403, 'the office reads clues');

const commission = await signedIn('discipline');
await lookAt(`${base}/commission/clues`, 'clues', await commission.cookies(), shots);
const clues = await commission.newPage();
await clues.goto(`${base}/commission/clues`);
const words = await clues.locator('td:nth-child(3)').allInnerTexts();
check(words.length > 0, 'no clue reached the commission');
await press(clues, 'td a');
await lookAt(clues.url(), 'clue-chosen', await commission.cookies(), shots);

// No page of the unit or of the office holds the words of a clue.
const liaison = await signedIn('liaison-d12');
for (const [who, addresses] of [[office, ['/office', '/office/opinions', `/office/opinions/${unit}`, '/office/matters']], [liaison, ['/unit', '/unit/results', '/unit/letter']]]) {
  for (const address of addresses) {
    const text = await (await who.request.get(base + address)).text();
    for (const clue of words) check(!text.includes(clue), `${address} holds a clue`);
  }
}
for (const made of [office, commission, liaison]) await made.close();
await finish();
