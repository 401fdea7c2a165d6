// Shows one original over the page.

import { address, send } from "./api.js";
import { byId, element, shortName } from "./elements.js";
import * as results from "./results.js";

const MAX_TEXT = 200_000;
const dialog = byId("viewer");
const stage = dialog.querySelector(".stage");
const link = byId("viewer-open");
let matches = [];
let position = 0;
let shown = 0;
let release = () => {};

/** @param like called with a match, of which more are wanted */
export function setUp(like) {
  byId("viewer-close").addEventListener("click", () => dialog.close());
  byId("viewer-previous").addEventListener("click", () => step(-1));
  byId("viewer-next").addEventListener("click", () => step(1));
  byId("viewer-like").addEventListener("click", () => {
    dialog.close();
    like(matches[position]);
  });
  dialog.addEventListener("click", event => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", event => {
    if (event.target.closest("pre")) return;
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  dialog.addEventListener("close", () => {
    shown++;
    release();
    release = () => {};
    stage.replaceChildren();
    results.focus(matches[position]);
  });
}

export function open(match, all) {
  matches = all;
  position = Math.max(0, all.findIndex(other => other.id === match.id));
  if (!dialog.open) dialog.showModal();
  fill();
}

function step(by) {
  if (!matches[position + by]) return;
  position += by;
  fill();
}

async function fill() {
  const match = matches[position];
  const turn = ++shown;
  byId("viewer-name").textContent = match.name;
  byId("viewer-score").textContent = [match.score === undefined ? "" : `score ${match.score.toFixed(4)}`, match.folder].filter(Boolean).join(" · ");
  byId("viewer-previous").disabled = position === 0;
  byId("viewer-next").disabled = position === matches.length - 1;
  keepFocus();
  link.href = match.file;
  try {
    const file = await address(match.file);
    if (turn !== shown) return file.release();
    release();
    release = file.release;
    link.href = file.url;
    if (match.thumbnail) showImage(match, file.url);
    else await showText(match, turn);
  } catch (error) {
    if (turn === shown) stage.replaceChildren(element("p", {}, error.message));
  }
}

/** A button that is disabled loses the focus, and the keys with it. */
function keepFocus() {
  const focused = document.activeElement;
  if (focused.disabled || !dialog.contains(focused)) byId("viewer-close").focus();
}

/** A format that the browser does not know is shown as the server reads it. */
function showImage(match, url) {
  const image = element("img", { alt: shortName(match), src: url });
  image.addEventListener("error", async () => {
    const large = await address(`${match.thumbnail}?size=1024`).catch(() => null);
    if (large) image.src = large.url;
  }, { once: true });
  stage.replaceChildren(image);
}

async function showText(match, turn) {
  const text = await (await send(match.file)).text();
  if (turn !== shown) return;
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}\n\n…` : text;
  stage.replaceChildren(element("pre", { tabIndex: 0 }, cut));
}
