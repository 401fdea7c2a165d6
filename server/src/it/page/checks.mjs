// Drives the page as a person would: node checks.mjs ADDRESS GALLERY FOLDER SCREENSHOT CHROMIUM
//
// GALLERY has the images that are served; FOLDER is the served folder that the checks may change. Prints a line for each check; the last line counts.

import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [address, gallery, folder, screenshot, executablePath] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SLOW = 120_000; // the machine may be busy

let passed = 0;
let failed = 0;

async function check(name, test) {
  try {
    await test();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error.message.split("\n").slice(0, 6).join("\n        ")}`);
  }
}

function equal(found, expected) {
  if (found !== expected) throw new Error(`expected ${expected}, found ${found}`);
}

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, bypassCSP: false });
context.setDefaultTimeout(SLOW);
const page = await context.newPage();
const errors = [];
const strangers = new Set();
page.on("console", message => {
  if (["error", "warning"].includes(message.type())) errors.push(message.text());
});
page.on("pageerror", error => errors.push(error.message));
page.on("request", request => {
  const url = new URL(request.url());
  if (!["data:", "blob:"].includes(url.protocol) && url.origin !== new URL(address).origin) strangers.add(request.url());
});

const first = () => page.locator("#results .card .name").first().textContent();
const names = () => page.locator("#results .card .name").allTextContents();

/** Does something and waits for the answer to be shown. */
async function asked(action) {
  const answer = page.waitForResponse(response => response.url().endsWith("/library/search") && response.status() === 200);
  answer.catch(() => {}); // if the action fails, its error is the one to tell
  await action();
  const { matches } = await (await answer).json();
  await page.waitForFunction(count => document.querySelectorAll("#results .card").length === count && document.querySelector("#results").className === "", matches.length);
  return matches;
}

async function start(query = "") {
  await page.goto(`${address}/${query}`);
  await page.locator("#results .card").first().waitFor();
}

async function violations() {
  await page.waitForTimeout(400); // colours are measured when nothing fades
  await page.evaluate(`${axe};0`);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  if (found.length) throw new Error(found.map(rule => `${rule.id}: ${rule.nodes.map(node => node.target.join(" ")).slice(0, 3).join("; ")}`).join("\n"));
}

/** Lets the browser drop or paste a file, as if it came from another program. */
async function give(type, file) {
  const bytes = (await readFile(file)).toString("base64");
  await page.evaluate(([kind, data]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(data), letter => letter.charCodeAt(0))], "given.png", { type: "image/png" }));
    const event = kind === "paste"
      ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
      : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  }, [type, bytes]);
}

await check("the page opens and shows the folder", async () => {
  await page.goto(address);
  await page.locator("#results .card").first().waitFor({ timeout: 4 * SLOW }); // the folder is indexed first
  equal(await page.title(), "mme5");
  equal((await names()).length, 24);
});
await check("no violations of axe, light", violations);

await check("typing finds the right image first", async () => {
  await asked(() => page.locator("#words").pressSequentially("red apple", { delay: 5 }));
  equal(await first(), "red-apple");
});
await check("it finds it in another language", async () => {
  await asked(() => page.locator("#words").fill("自転車"));
  equal(await first(), "bicycle");
});
await check("model and time are shown", async () => {
  const line = await page.locator("#summary").textContent();
  if (!/^24 results of \d+ documents · mini · [\d.]+ m?s$/.test(line)) throw new Error(line);
});
await check("every thumbnail has loaded", async () => {
  await page.waitForFunction(() => [...document.querySelectorAll("#results img")].slice(0, 6).every(image => image.complete && image.naturalWidth > 0));
  equal(await page.locator(".broken").count(), 0);
});

await check("an address restores the query", async () => {
  await asked(() => page.goto(`${address}/?q=fruit&top=12`));
  equal(await page.locator("#words").inputValue(), "fruit");
  equal((await names()).length, 12);
  equal(await first(), "red-apple");
});
await check("a minus term moves down what it names", async () => {
  const before = await asked(() => page.goto(`${address}/?q=cat&top=1000`));
  const after = await asked(() => page.locator("#words").fill('cat -"black cat"'));
  const place = matches => matches.findIndex(match => match.name === "black-cat.png");
  if (!(place(after) > place(before))) throw new Error(`from ${place(before)} to ${place(after)}`);
  equal(await page.locator("#summary .minus").textContent(), "not black cat");
});
await check("the slider hides lower scores without a request", async () => {
  await asked(() => page.goto(`${address}/?q=cat`));
  let requests = 0;
  const count = request => { if (request.url().endsWith("/library/search")) requests++; };
  page.on("request", count);
  const second = Number(await page.locator(".card .score").nth(1).textContent());
  await page.locator("#threshold").fill(String(Math.min(1, second + 0.02)));
  const scores = (await page.locator(".card .score").allTextContents()).map(Number);
  page.off("request", count);
  if (scores.length > 2 || scores.some(score => score < second)) throw new Error(`shown: ${scores}`);
  equal(requests, 0);
  await page.locator("#threshold").fill("1");
  equal(await page.locator("#empty h2").textContent(), "Nothing scores that high");
});

await check("dropping an image finds it", async () => {
  await start();
  await give("dragover", `${gallery}/castle.png`);
  equal(await page.locator("#drop").getAttribute("class"), "open");
  await asked(() => give("drop", `${gallery}/castle.png`));
  equal(await first(), "castle");
  equal(await page.locator("#drop").getAttribute("class"), "");
});
await check("words join the image", async () => {
  const body = page.waitForRequest(request => request.url().endsWith("/library/search"));
  await asked(() => page.locator("#words").fill("at night"));
  const sent = (await body).postDataJSON();
  equal(sent.text, "at night");
  equal(sent.image.slice(0, 22), "data:image/png;base64,");
});
await check("pasting an image finds it", async () => {
  await start();
  await asked(() => give("paste", `${gallery}/anchor.png`));
  equal(await first(), "anchor");
});
await check("choosing an image finds it", async () => {
  await start();
  await asked(() => page.locator("#file").setInputFiles(`${gallery}/bicycle.png`));
  equal(await first(), "bicycle");
  await page.getByRole("button", { name: "Remove bicycle.png" }).click();
  await page.waitForFunction(() => document.querySelector("#summary").textContent.includes("are shown"));
});

await check("more like this begins with the image itself", async () => {
  await asked(() => page.goto(`${address}/?q=cat`));
  const name = await first();
  await page.locator(".card").first().hover();
  await asked(() => page.getByRole("button", { name: `More like ${name}`, exact: true }).click());
  equal(await first(), name);
  equal(await page.locator(".card .score").first().textContent(), "1.00");
  await asked(() => page.goBack());
  equal(await page.locator("#words").inputValue(), "cat");
});
await check("a click opens the original, arrows go on, Escape closes", async () => {
  await asked(() => page.goto(`${address}/?q=cat`));
  const name = await first();
  await page.locator(".card a").first().click();
  await page.waitForFunction(() => document.querySelector("#viewer .stage img")?.naturalWidth > 0);
  equal(await page.locator("#viewer-name").textContent(), `${name}.png`);
  await violations();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(before => document.querySelector("#viewer-name").textContent !== before, `${name}.png`);
  const href = await page.locator("#viewer-open").getAttribute("href");
  const original = await page.request.get(address + href);
  equal(original.headers()["content-type"], "image/png");
  equal(original.headers()["x-content-type-options"], "nosniff");
  await page.keyboard.press("Escape");
  equal(await page.locator("#viewer").evaluate(dialog => dialog.open), false);
  equal(await page.locator("#words").inputValue(), "cat");
});
await check("the keyboard alone is enough", async () => {
  await start();
  await page.locator("#results .card a").first().focus();
  await page.keyboard.press("ArrowRight");
  equal(await page.evaluate(() => [...document.querySelectorAll(".card a")].indexOf(document.activeElement)), 1);
  await page.keyboard.press("/");
  equal(await page.evaluate(() => document.activeElement.id), "words");
  await asked(() => page.keyboard.type("cat"));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector("#summary").textContent.includes("are shown"));
  equal(await page.locator("#words").inputValue(), "");
});

await check("a new text appears by itself, with its beginning, and opens", async () => {
  await asked(() => page.goto(`${address}/?q=${encodeURIComponent("a letter about music")}`));
  await asked(() => writeFile(`${folder}/letter.txt`, "A letter about music. <b>It</b> has a second sentence.\n\nAnd a second paragraph."));
  await page.locator(".card", { hasText: "letter.txt" }).waitFor();
  const card = page.locator(".card", { hasText: "letter.txt" });
  equal((await card.locator(".beginning").textContent()).startsWith("A letter about music. <b>It</b>"), true);
  await card.locator("a").click();
  await page.locator("#viewer pre").waitFor();
  equal((await page.locator("#viewer pre").textContent()).endsWith("And a second paragraph."), true);
  await page.keyboard.press("Escape");
});
await check("a file that is gone goes from the page", async () => {
  await asked(() => rm(`${folder}/letter.txt`));
  equal(await page.locator(".card", { hasText: "letter.txt" }).count(), 0);
});
await check("the button looks for changes", async () => {
  const answer = page.waitForResponse(response => response.url().endsWith("/library/scan"));
  await page.getByRole("button", { name: "Look for changes" }).click();
  equal((await answer).status(), 202);
});

await check("a phone has no horizontal scroll", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await asked(() => page.goto(`${address}/?q=${encodeURIComponent('a very long line of words about a cat and a dog -"black cat"')}`));
  await asked(() => give("drop", `${gallery}/castle.png`));
  const width = await page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth));
  if (width > 360) throw new Error(`the page is ${width} pixels wide`);
  equal(await page.locator(".card").nth(1).evaluate(card => card.offsetTop === document.querySelector(".card").offsetTop), true);
});
await check("no violations of axe, dark, on a phone", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await violations();
});

await check("with a key, the page asks for it and shows thumbnails and originals", async () => {
  const own = await browser.newContext();
  own.setDefaultTimeout(SLOW);
  const locked = await own.newPage();
  await locked.route(/\/library/, route => route.request().headers().authorization === "Bearer right"
    ? route.continue()
    : route.fulfill({ status: 401, json: { error: { message: "wrong key", code: "invalid_api_key" } } }));
  await locked.goto(`${address}/?q=bicycle&top=12`);
  for (const key of ["wrong", "right"]) {
    await locked.locator("#key").fill(key);
    await locked.getByRole("button", { name: "Open" }).click();
  }
  await locked.locator(".card", { hasText: "bicycle" }).locator("img[src^=blob]").waitFor();
  await locked.locator(".card", { hasText: "bicycle" }).locator("a").click();
  await locked.waitForFunction(() => document.querySelector("#viewer .stage img")?.naturalWidth > 0);
  equal((await locked.locator("#viewer-open").getAttribute("href")).startsWith("blob:"), true);
  await own.close();
});

await check("no error or warning in the console", () => equal(errors.join("\n"), ""));
await check("no request to another host", () => equal([...strangers].join("\n"), ""));
await check("the policy forbids what is not from this server", async () => {
  const policy = (await page.request.get(address)).headers()["content-security-policy"];
  equal(/default-src 'none'/.test(policy) && /script-src 'self';/.test(policy) && !/unsafe|\*/.test(policy), true);
  await page.evaluate(() => import("data:text/javascript,1")).then(() => { throw new Error("a script from elsewhere ran"); }, () => {});
});

await check("the screenshot", async () => {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 1280, height: 800 });
  await asked(() => page.goto(`${address}/?q=${encodeURIComponent("fruit -carrot")}`));
  await page.waitForFunction(() => [...document.querySelectorAll("#results img")].slice(0, 18).every(image => image.complete && image.naturalWidth > 0));
  await page.locator("#hint").hover();
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForTimeout(500);
  await page.screenshot({ path: screenshot });
});

await browser.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed ? 1 : 0;
