// How the office sends a file up, waits for what becomes of it, and decides.
export async function send(page, base, kind, file) {
  await page.goto(`${base}/office/uploads`);
  await page.check(`input[name=kind][value=${kind}]`);
  await page.setInputFiles('input[type=file]', file);
  await submit(page);
}

export async function until(page, words) {
  for (let n = 0; n < 60; n += 1) {
    if ((await page.textContent('main')).includes(words)) return true;
    await page.waitForTimeout(500);
    await page.reload();
  }
  return false;
}

export async function decide(page, value) {
  await page.check(`input[name=decision][value=${value}]`);
  await submit(page);
}

export async function submit(page) {
  await page.locator('form.work button').click();
  await page.waitForLoadState('load');
}
