// usage: node people.mjs OPEN_ROUND_URL SHOTS_DIR      after uploads.mjs, where clerk and leader chose their passwords
// A clerk sends people up without scripts, wrong files first; a leader takes them; nothing of anybody is on a page or in a download.
import { SIZES, check, context, enter, finish, lookAt, own } from './look.mjs';
import { decide, send, submit, until } from './sending.mjs';

const [base, shots] = process.argv.slice(2);
const PERSONAL = ['林晓梅', '周文远', '吴立新', '木业', '1390000', '91990099'];
const HEADER = '姓名,身份类别,联系方式,区县\n';
const PEOPLE = `${HEADER}林晓梅,普通群众,13900004417,东城区\n周文远,人大代表,13900004418,西山县\n吴立新,群众,1390000,东城区\n林晓梅,普通群众,139-0000-4417,东城区\n`;
const ENTERPRISES = '企业名称,统一社会信用代码,联系电话\n云溪市甲木业有限公司,91990099MA0000001X,13900004419\n云溪市乙木业有限公司,123,13900004420\n';
const WRONG = [
  ['empty.csv', '', '文件是空的'],
  ['picture.xlsx', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), '不是 CSV、XLSX、XLS 或网页表格'],
  ['program.xls', Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), '没有收下'],
  ['orders.csv', '工单编号,承办单位,满意度\nYX1,市教育局,满意\n', '没有找到表头'],
  ['county.csv', PEOPLE.replace('联系方式', '手机号').replace(',区县', ',备注'), '缺少：区县'],
  ['nobody.csv', PEOPLE.replace(HEADER, ''), '没有找到表头'],
];

const clerk = await enter(base, 'clerk', own('clerk'));
const leader = await enter(base, 'leader', own('leader'));
const page = await (await context(SIZES[0], false, clerk)).newPage();
const second = await (await context(SIZES[1], false, leader)).newPage();

async function tellsNobody(open, name) {
  const shown = await open.content();
  for (const personal of PERSONAL) check(!shown.includes(personal), `${name} shows ${personal}`);
}

const csv = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
for (const [name, text, words] of WRONG) {
  await send(page, base, 'pool', csv(name, text));
  check(await until(page, words), `${name} is not refused with ${words}`);
  await tellsNobody(page, name);
}
await page.goto(`${page.url()}/columns`);
check((await page.textContent('main')).includes('没有找到表头'), 'people are offered as headers');
await tellsNobody(page, 'columns without a header');

await send(page, base, 'pool', csv('样本库.csv', PEOPLE));
const upload = page.url();
check(await until(page, '缺少：手机号'), 'a telephone nobody has named is read');
await page.goto(`${upload}/columns`);
await lookAt(page.url(), 'people-columns', clerk, shots);
await page.locator('select').nth(2).selectOption('phone');
await submit(page);
check(await until(page, '部分可以导入：共 4 行，新增 2，相同 0，更新 0，重复 1，有问题 1'), 'the list was not checked');
check((await page.textContent('main')).includes('联系方式（读作手机号）'), 'the page does not say what the columns were read as');
check(await page.locator('input[value=approve]').count() === 0, 'the sender may take the list');
await lookAt(upload, 'people-own', clerk, shots);
await second.goto(upload);
await lookAt(upload, 'people-checked', leader, shots);
await tellsNobody(second, 'the list');
await decide(second, 'approve');
check(await until(second, '入库结果：共 4 行，新增 2'), 'the list was not taken');
check(await second.locator('form.work').count() === 0, 'a list that was taken can be undone');
await lookAt(upload, 'people-applied', leader, shots);
const download = await (await second.request.get(`${upload}/annotated.csv`)).text();
check(download.trim().split('\n').length === 2 && download.includes('样本库,4,') && download.includes('不是可用的电话号码'), `the download says ${download}`);
for (const personal of PERSONAL) check(!download.includes(personal), `the download holds ${personal}`);

await send(page, base, 'pool', csv('样本库.csv', PEOPLE.replace('西山县', '东城区')));
check(await until(page, '新增 0，相同 1，更新 1，重复 1，有问题 1'), 'the headers were not remembered, or people are counted twice');
await send(page, base, 'enterprise_list', csv('企业名单.csv', ENTERPRISES));
check(await until(page, '部分可以导入：共 2 行，新增 1'), 'the enterprises were not checked');
await tellsNobody(page, 'the enterprises');
await second.goto(page.url());
await decide(second, 'approve');
check(await until(second, '入库结果：共 2 行，新增 1'), 'the enterprises were not taken');
await finish();
