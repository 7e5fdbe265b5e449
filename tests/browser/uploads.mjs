// usage: node uploads.mjs OPEN_ROUND_URL SHOTS_DIR CLERK_PASSWORD LEADER_PASSWORD FILE
// A clerk sends a file up on a phone without scripts, a leader takes it; every page on the way is looked at.
import { SIZES, check, context, enter, finish, lookAt } from './look.mjs';

const [base, shots, clerkPassword, leaderPassword, file] = process.argv.slice(2);

async function until(page, words) {
  for (let n = 0; n < 60; n += 1) {
    if ((await page.textContent('main')).includes(words)) return true;
    await page.waitForTimeout(500);
    await page.reload();
  }
  return false;
}

async function decide(page, value) {
  await page.check(`input[name=decision][value=${value}]`);
  await page.locator('form.work button').click();
  await page.waitForLoadState('load');
}

const clerk = await enter(base, 'clerk', clerkPassword);
const leader = await enter(base, 'leader', leaderPassword);
await lookAt(`${base}/office/uploads`, 'uploads', clerk, shots);
await lookAt(`${base}/office/sources`, 'sources', leader, shots);
await lookAt(`${base}/api/v1`, 'push-reference', [], shots);
const made = await context(SIZES[0], false, clerk);
const page = await made.newPage();
await page.goto(`${base}/office/uploads`);
await page.check('input[name=kind][value=hotline]');
await page.setInputFiles('input[type=file]', file);
await page.locator('form.work button').click();
await page.waitForLoadState('load');
check(/\/office\/uploads\/[0-9a-f]{32}$/.test(page.url()), `after sending: ${page.url()}`);
check(await until(page, '部分可以导入'), 'the file was not checked');
check(await page.locator('input[value=approve]').count() === 0, 'the sender may take the file');
await lookAt(page.url(), 'upload-own', clerk, shots);
await lookAt(page.url(), 'upload-checked', leader, shots);
await lookAt(`${page.url()}/columns`, 'upload-columns', clerk, shots);
const upload = page.url();
await page.goto(`${upload}/columns`);
await page.locator('select').first().selectOption('');
await page.locator('form.work button').click();
await page.waitForLoadState('load');
check((await page.textContent('main')).includes('必须对应一列'), 'a file without its number is mapped');
await page.locator('select').first().selectOption('order_no');
await page.locator('form.work button').click();
check(await until(page, '部分可以导入'), 'the file was not checked again');
check((await page.textContent('main')).includes('按以前逐列对应的说明读'), 'the page does not say that the columns were told');
await page.goto(`${base}/office/names`);
await page.locator('td a').first().click();
await page.waitForLoadState('load');
const name = await page.inputValue('input[name=spelling]');
check(name.length > 1, `the unknown name is not filled in: ${name}`);
await page.selectOption('select[name=unit]', '-');
await page.selectOption('select[name=reason]', 'other');
await page.locator('form.work button').click();
await page.waitForLoadState('load');
check((await page.textContent('main')).includes('不参评'), 'the name is not listed');
await lookAt(`${base}/office/names`, 'names', clerk, shots);
await page.goto(upload);
check(await until(page, '不参评 '), 'the file was not checked again with the name');
const other = await context(SIZES[0], false, leader);
const second = await other.newPage();
await second.goto(page.url());
await decide(second, 'approve');
check(await until(second, '入库结果'), 'the file was not taken');
await lookAt(second.url(), 'upload-applied', leader, shots);
await page.goto(`${base}/office/uploads`);
check((await page.textContent('main')).includes('已入库'), 'the list does not say that the file was taken');
await decide(second, 'undo');
check(await until(second, '已撤销'), 'the file was not undone');
await finish();
