// Runs axe-core over every page of a folder: node check.mjs FOLDER [--pictures].
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = resolve(process.argv[2]);
const pictures = process.argv.includes('--pictures');
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
let faults = 0;
let checked = 0;
const pages = readdirSync(folder).filter((file) => file.endsWith('.html')).sort();
for (const [at, name] of pages.entries()) {
  // Each page in light and dark, and on both screens; from page to page in the other combination.
  const schemes = at % 2 === 0 ? ['light', 'dark'] : ['dark', 'light'];
  for (const [screen, colorScheme] of schemes.entries()) {
    const [width, height] = [[390, 844], [1280, 900]][screen];
    // The page's policy forbids scripts; the check is one.
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`file://${join(folder, name)}`);
    if (pictures) {
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    for (const { id, help, nodes } of serious) {
      faults += 1;
      console.error(`${name} ${width} ${colorScheme}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) {
      faults += 1;
      console.error(`${name} ${width}: ${wide} pixels wider than the screen`);
    }
    checked += 1;
    await context.close();
  }
}
await browser.close();
console.log(`${checked} views checked, ${faults} faults`);
process.exit(faults === 0 && checked > 0 ? 0 : 1);
