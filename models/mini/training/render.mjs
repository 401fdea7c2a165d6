// Draws the icon sets at 128 x 128, for prep.py.
//
//   npm install @resvg/resvg-js && node render.mjs WORK
//
// In: WORK/raw/iconify-json-STYLE/icons.json, the unpacked npm packages @iconify-json/STYLE.
// Out: WORK/raw/r-STYLE.raw, RGBA with premultiplied colours, and WORK/raw/r-STYLE.json, a list of [icon, its number in the former].
// Skin tones other than the usual are left out. A few icons end resvg 2.6 at once: each set is drawn by a process of its own, which is
// started again without the icon that ended it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

const STYLES = ['noto', 'twemoji', 'emojione', 'noto-v1', 'fxemoji', 'streamline-emojis', 'circle-flags', 'flag'];
const SIDE = 128;
const SKIPPED = /(light|dark|medium)-skin|-skin-tone|skin-tone|-1x1$/;
const [, script, work, style] = process.argv;

async function draw(out, left) {
  const { Resvg } = await import('@resvg/resvg-js');
  const set = JSON.parse(fs.readFileSync(`${work}/raw/iconify-json-${style}/icons.json`));
  const icons = { ...set.icons };
  for (const [name, alias] of Object.entries(set.aliases ?? {})) {
    if (icons[alias.parent] && !alias.rotate && !alias.hFlip && !alias.vFlip) icons[name] = icons[alias.parent];
  }
  const names = [], numbers = new Map(), file = fs.openSync(out + '.raw', 'w');
  for (const [name, icon] of Object.entries(icons)) {
    if (SKIPPED.test(name) || left.includes(name)) continue;
    if (!numbers.has(icon.body)) {
      const width = icon.width ?? set.width ?? 16, height = icon.height ?? set.height ?? width, side = Math.max(width, height);
      const box = `${(icon.left ?? 0) - (side - width) / 2} ${(icon.top ?? 0) - (side - height) / 2} ${side} ${side}`;
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        + `viewBox="${box}" width="${SIDE}" height="${SIDE}">${icon.body}</svg>`;
      fs.writeFileSync(out + '.now', name);
      fs.writeSync(file, new Resvg(svg, { fitTo: { mode: 'width', value: SIDE }, font: { loadSystemFonts: false } }).render().pixels);
      numbers.set(icon.body, numbers.size);
    }
    names.push([name, numbers.get(icon.body)]);
  }
  fs.writeFileSync(out + '.json', JSON.stringify(names));
}

if (style) {
  await draw(`${work}/raw/r-${style}`, process.argv.slice(4));
} else {
  for (const each of STYLES) {
    const left = [];
    while (left.length < 50 && spawnSync(process.execPath, [script, work, each, ...left], { stdio: 'ignore' }).status !== 0) {
      left.push(fs.readFileSync(`${work}/raw/r-${each}.now`, 'utf8'));
    }
    console.log(each, left.length ? 'without ' + left.join(', ') : '');
  }
}
