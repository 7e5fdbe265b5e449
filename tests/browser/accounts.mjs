// usage: node accounts.mjs BASE SHOTS ADMIN_PASSWORD SECURITY_PASSWORD AUDITOR_PASSWORD
// The three administrators on their pages, and a new official's first day on a phone without scripts: first password, codes, devices.
import { createHmac } from 'node:crypto';
import { SIZES, check, context, enter, finish, lookAt, own } from './look.mjs';

const [base, shots, adminPassword, securityPassword, auditorPassword] = process.argv.slice(2);

// RFC 6238 and RFC 4648 in a few lines.
function code(secret, ahead = 0) {
  const bits = [...secret].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const admin = await enter(base, 'admin', adminPassword);
const security = await enter(base, 'security', securityPassword);
const auditor = await enter(base, 'auditor', auditorPassword);
await lookAt(`${base}/accounts`, 'accounts', admin, shots);
await lookAt(`${base}/account-rules`, 'account-rules', security, shots);
await lookAt(`${base}/audit?check=1`, 'audit', auditor, shots);
await lookAt(`${base}/account`, 'account', admin, shots);

const made = await context(SIZES[0], false, admin);
const page = await made.newPage();
const press = async (words) => {
  await page.locator('button', { hasText: words }).last().click();
  await page.waitForLoadState('load');
};
await page.goto(`${base}/accounts`);
await page.fill('input[name=account]', 'fang');
await page.fill('input[name=name]', '方晓棠');
await page.selectOption('select[name=role]', 'office_leader');
await press('建立账号');
const first = (await page.textContent('main')).match(/初始口令：(\S{16})/)[1];
await made.clearCookies();
await made.addCookies(security);
await page.goto(`${base}/accounts/fang`);
await page.check('input[name=act][value=confirm]');
await press('确定');
check((await page.textContent('main')).includes('在用'), 'the role was not confirmed');
await lookAt(`${base}/accounts/fang`, 'account-one', security, shots);

await made.clearCookies();
const signIn = async (password) => {
  await page.goto(`${base}/sign-in`);
  await page.fill('#account', 'fang');
  await page.fill('#password', password);
  await press('登录');
};
await signIn(first);
check(page.url() === `${base}/account`, `first sign-in leads to ${page.url()}`);
await page.goto(`${base}/office`);
check(page.url() === `${base}/account`, 'a page opens before the first password is changed');
await lookAt(`${base}/account`, 'account-first-password', await made.cookies(), shots);
for (const password of ['Yunxi@20260930', own('fang')]) {
  await page.fill('#f-old', first);
  await page.fill('#f-new', password);
  await page.fill('#f-again', password);
  await press('换密码');
  check((await page.textContent('main')).includes(password === own('fang') ? '密码已更换' : '太容易猜到'), `after ${password}`);
}
await page.goto(`${base}/account/second-factor`);
await press('开始设置');
check(await page.locator('svg.qr').count() === 1, 'no code to scan');
const secret = (await page.textContent('code')).replaceAll(' ', '');
await lookAt(`${base}/account/second-factor`, 'second-factor', await made.cookies(), shots);
await page.fill('#f-code', code(secret));
await press('确认启用');
const codes = await page.locator('code').allTextContents();
check(codes.length === 10, `${codes.length} recovery codes`);
await made.clearCookies();
await signIn(own('fang'));
check(page.url() === `${base}/sign-in/code`, `after the password: ${page.url()}`);
await lookAt(`${base}/sign-in/code`, 'sign-in-code', await made.cookies(), shots);
await page.fill('#code', code(secret, 1));
await press('登录');
check(page.url() === `${base}/office`, `after the code: ${page.url()}`);
await page.goto(`${base}/account`);
check((await page.textContent('main')).includes('（这台设备）'), 'the device is not listed');
await lookAt(`${base}/account/prove?to=/office/publish`, 'prove', await made.cookies(), shots);
await page.goto(`${base}/account/prove?to=/office/publish`);
await page.fill('#f-password', own('fang'));
await page.fill('#f-code', codes[0]);
await press('继续');
check(page.url() === `${base}/office/publish`, `after showing it again: ${page.url()}`);
await made.close();
await finish();
