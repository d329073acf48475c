// node_red.js URL PICTURE WORD…: opens the dashboard, waits until all the words are shown, takes a picture. Run by node_red.rs.
const { chromium } = require('playwright-core');
const [url, picture, ...words] = process.argv.slice(2);
(async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const outside = [];
  page.on('request', r => { const u = new URL(r.url()); if (u.protocol.startsWith('http') && u.hostname !== '127.0.0.1') outside.push(r.url()); });
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  const shown = () => page.evaluate(() => document.body.innerText);
  try {
    await page.waitForFunction(words => words.every(word => document.body.innerText.includes(word)), words, { timeout: 30000 });
  } catch { console.log('not shown: ' + words.join(' | ') + '\nbut:\n' + await shown()); process.exitCode = 1; }
  await page.screenshot({ path: picture });
  console.log(JSON.stringify({ text: await shown(), outside }));
  await browser.close();
})().catch(error => { console.log(error.message); process.exit(1); });
