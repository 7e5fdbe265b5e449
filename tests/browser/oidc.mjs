// usage: node oidc.mjs BASE PROVIDER_PORT CLIENT_SECRET SHOTS
// A clerk signs in at a certified OpenID provider with keys of its own on another site (localhost, not 127.0.0.1), without scripts; then
// everything that can go wrong on the way, by a proxy before the provider. Expects accounts admin, security and clerk with their own passwords.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { SignJWT, decodeJwt, importJWK } from 'jose';
import { Provider } from 'oidc-provider';
import { SIZES, check, context, enter, finish, inspect, lookAt, own, scan, seen } from './look.mjs';

const [base, port, secret, shots] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const back = `${base}/sign-in/provider/back`;
mkdirSync(shots, { recursive: true });

const jwk = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'RS256' };
const provider = new Provider(issuer, {
  clients: [{ client_id: 'huiyin', client_secret: secret, redirect_uris: [back], grant_types: ['authorization_code'], response_types: ['code'] }],
  jwks: { keys: [jwk] },
  cookies: { keys: ['of the test'] },
  pkce: { required: () => true },
});
const signed = async (token, changed) => new SignJWT({ ...decodeJwt(token), ...changed })
  .setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(await importJWK(jwk, 'RS256'));
const TAMPERED = {
  signature: (token) => token.replace(/\.([^.])([^.]*)$/, (_, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`),
  nonce: (token) => signed(token, { nonce: 'of another sign-in' }),
  expired: (token) => signed(token, { exp: Math.floor(Date.now() / 1000) - 60 }),
  audience: (token) => signed(token, { aud: 'another-site' }),
};
let wrong = null;
const callback = provider.callback();
createServer((request, response) => {
  if (wrong === 'down') return request.socket.destroy();
  if (wrong === 'slow') return setTimeout(() => request.socket.destroy(), 12_000);
  if (wrong === 'broken') return response.writeHead(500).end();
  if (TAMPERED[wrong] && request.url === '/token') {
    const end = response.end.bind(response);
    response.end = (body) => {
      const answer = JSON.parse(body.toString());
      Promise.resolve(TAMPERED[wrong](answer.id_token)).then((id_token) => {
        const text = JSON.stringify({ ...answer, id_token });
        response.setHeader('content-length', Buffer.byteLength(text));
        end(text);
      });
      return response;
    };
  }
  return callback(request, response);
}).listen(Number(port), 'localhost');

// From the button on the sign-in page to the page one comes back to.
async function comes(made, subject, { cancelled = false } = {}) {
  const page = await made.newPage();
  await page.goto(`${base}/sign-in`);
  await page.click('text=用云溪市统一身份认证登录');
  if (!page.url().startsWith(issuer)) return page;
  if (cancelled) {
    await page.click('text=Cancel');
  } else {
    const press = () => Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
    await page.fill('input[name=login]', subject);
    await page.fill('input[name=password]', 'any');
    await press();
    await press();
  }
  await page.waitForURL(`${base}/**`);
  await page.waitForLoadState('load');
  return page;
}
const says = async (page, words, name) => check((await page.textContent('main')).includes(words), `${name}: ${await page.textContent('main')}`);
const session = async (made) => (await made.cookies(base)).find((cookie) => cookie.name === 'hy_sid')?.value;

// Not linked yet: told what to do, at both sizes.
for (const size of SIZES) {
  const made = await seen(size, []);
  const page = await comes(made, 'fang-7f31');
  await says(page, '还没有关联到本系统的账号', 'unlinked');
  await says(page, 'fang-7f31', 'unlinked');
  await inspect(page, 'unlinked', size);
  await page.screenshot({ path: `${shots}/sign-in-unlinked-${size[0]}.png`, fullPage: true });
  for (const violation of (await scan(page)).violations) check(false, `unlinked: axe ${violation.id}`);
  check(!await session(made), 'a session for nobody');
  await made.close();
}
await lookAt(`${base}/sign-in`, 'sign-in-provider', [], shots);

// One administrator links, the other confirms.
const [admin, security] = [await enter(base, 'admin', own('admin')), await enter(base, 'security', own('security'))];
await lookAt(`${base}/accounts/clerk`, 'account-link', admin, shots);
const linking = await context(SIZES[0], false, admin);
const linked = await linking.newPage();
await linked.goto(`${base}/accounts/clerk`);
await linked.fill('input[name=subject]', 'fang-7f31');
await linked.click('button:text-is("关联")');
await says(linked, '待确认', 'linked');
const waiting = await context(SIZES[0], false);
await says(await comes(waiting, 'fang-7f31'), '关联还没有确认', 'waits for the second administrator');
await waiting.close();
const step = async (cookies, act) => {
  await linking.clearCookies();
  await linking.addCookies(cookies);
  await linked.goto(`${base}/accounts/clerk`);
  await linked.check(`input[name=act][value=${act}]`);
  await linked.click('button:text-is("确定")');
};
await step(security, 'confirm-link');
await says(linked, '已确认', 'confirmed');
await lookAt(`${base}/accounts/clerk`, 'account-linked', security, shots);

// In, from another site, without scripts, with a session nobody could know before.
const made = await context(SIZES[0], false, [{ name: 'hy_sid', value: 'f'.repeat(64), url: base }]);
const handed = [];
made.on('request', (request) => { if (request.url().startsWith(back)) handed.push(request.url()); });
const page = await comes(made, 'fang-7f31');
await page.waitForURL(`${base}/office`);
check(/^[0-9a-f]{64}$/.test(await session(made)) && await session(made) !== 'f'.repeat(64), 'the session is the one from before');
await page.goto(handed[0]);
await says(page, '已经用过', 'the same address again');
await made.close();
const thief = await context(SIZES[0], false);
const stolen = await thief.newPage();
await stolen.goto(handed[0]);
await says(stolen, '不是从这个浏览器开始的', 'the address in another browser');
check(!await session(thief), 'a session for a thief');
await thief.close();

// Whatever goes wrong there: a sentence, a form for the password beside it, nobody in.
const fails = async (name, words, options) => {
  const failing = await context(SIZES[0], false);
  const failed = await comes(failing, 'fang-7f31', options);
  await says(failed, words, name);
  check(await failed.locator('#password').count() === 1, `${name}: no way in by password`);
  check(!await session(failing), `${name}: a session`);
  await failing.close();
};
await fails('cancelled', '没有同意这次登录', { cancelled: true });
for (const [name, words] of [['signature', '签名不对'], ['nonce', '不是给这次登录的'], ['expired', '已经过期'], ['audience', '不是给本站的'],
  ['down', '现在没有回答'], ['slow', '现在没有回答'], ['broken', '现在没有回答']]) {
  wrong = name;
  await fails(name, words);
}
check((await enter(base, 'clerk', own('clerk'))).length > 0, 'no way in by password while the provider is silent');
wrong = null;
await step(admin, 'close');
await fails('closed', '已经停用');
await step(admin, 'open');
await step(security, 'unlink');
const unlinked = await context(SIZES[0], false);
await says(await comes(unlinked, 'fang-7f31'), '还没有关联到本系统的账号', 'after the link ended');
await finish();
