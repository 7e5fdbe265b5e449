// usage: node uploads.mjs OPEN_ROUND_URL SHOTS_DIR CLERK_PASSWORD LEADER_PASSWORD FILE
// A clerk sends a file up on a phone without scripts, a leader takes it; every page on the way is looked at.
import { SIZES, check, context, finish, lookAt } from './look.mjs';

const [base, shots, clerkPassword, leaderPassword, file] = process.argv.slice(2);

async function signIn(account, password) {
  const made = await context(SIZES[1]);
  const reply = await made.request.post(`${base}/sign-in`, { form: { account, password }, headers: { Origin: base }, maxRedirects: 0 });
  check(reply.status() === 303, `sign-in of ${account}: ${reply.status()}`);
  const cookies = await made.cookies();
  await made.close();
  return cookies;
}

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

const clerk = await signIn('clerk', clerkPassword);
const leader = await signIn('leader', leaderPassword);
await lookAt(`${base}/office/uploads`, 'uploads', clerk, shots);
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
const other = await context(SIZES[0], false, leader);
const second = await other.newPage();
await second.goto(page.url());
await decide(second, 'approve');
check(await until(second, '入库结果'), 'the file was not taken');
await lookAt(second.url(), 'upload-applied', leader, shots);
await page.goto(`${base}/office/uploads`);
check((await page.textContent('main')).includes('已入库'), 'the list does not say that the file was taken');
await finish();
