// The foot of the page: what the folders hold, what is being indexed, and which model answers.

import { ask } from "./api.js";
import { byId, count, element } from "./elements.js";

const BUSY_MILLIS = 700;
const IDLE_MILLIS = 3000;
const HIDDEN_MILLIS = 20_000;

let timer;
let handlers;
let previous = "";
let wantsScan = false;

/** @param actions `changed(state)` when there is something else to find, `state(state)` always, `failed(error)` */
export function watch(actions) {
  handlers = actions;
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) now();
  });
  now();
}

export function now() {
  clearTimeout(timer);
  look();
}

async function look() {
  let wait = IDLE_MILLIS;
  try {
    const state = await ask("/library");
    const isBusy = state.folders.some(folder => folder.state !== "ready" && folder.state !== "failed");
    if (isBusy || wantsScan) wait = BUSY_MILLIS;
    wantsScan = false;
    show(state, isBusy);
    handlers.state(state);
    const revisions = state.folders.map(folder => folder.revision).join();
    if (revisions !== previous) {
      previous = revisions;
      handlers.changed(state);
    }
  } catch (error) {
    wait = error.status === 503 ? BUSY_MILLIS : IDLE_MILLIS;
    if (handlers.failed(error) === false) return;
  }
  clearTimeout(timer);
  timer = setTimeout(look, document.hidden ? HIDDEN_MILLIS : wait);
}

async function scan() {
  try {
    await ask("/library/scan", { method: "POST", body: {} });
    wantsScan = true;
    now();
  } catch (error) {
    handlers.failed(error);
  }
}

function phase(folder) {
  if (folder.error) return [element("span", { className: "bad" }, folder.error)];
  if (folder.state === "indexing") {
    return [
      element("progress", { max: Math.max(folder.total, 1), value: folder.done, "aria-label": `Indexing ${folder.name}` }),
      element("span", {}, `indexing, ${folder.done.toLocaleString("en")} of ${folder.total.toLocaleString("en")}`)];
  }
  if (folder.state === "ready") return [];
  return folder.updated ? [] : [element("span", {}, "looking for files …")];
}

function failures(folder, wasOpen) {
  if (!folder.failures.length) return null;
  return element("details", { open: wasOpen }, element("summary", {}, `${count(folder.failures.length, "problem")}`),
      element("ul", {}, ...folder.failures.map(line => element("li", {}, line))));
}

let drawn = "";
function show(state, isBusy) {
  byId("model").textContent = `Model ${state.model} · ${state.dimensions.toLocaleString("en")} dimensions · ${state.kernels}`;
  const now = JSON.stringify(state.folders.map(({ updated, ...folder }) => [folder, Boolean(updated)]));
  if (now === drawn) return;
  drawn = now;
  const box = byId("library");
  const open = new Set([...box.querySelectorAll("details[open]")].map(details => details.dataset.name));
  const hadFocus = document.activeElement?.id === "scan";
  const rows = state.folders.map(folder => {
    const details = failures(folder, open.has(folder.name));
    if (details) details.dataset.name = folder.name;
    return element("div", { className: "folder" }, element("strong", {}, folder.name), element("span", {}, count(folder.documents, "document")),
        ...phase(folder), folder.skipped ? element("span", {}, `${folder.skipped.toLocaleString("en")} passed over`) : null, details);
  });
  if (rows.length) {
    const button = element("button", { type: "button", id: "scan" }, isBusy ? "Looking …" : "Look for changes");
    button.addEventListener("click", scan);
    rows.push(button);
  }
  box.replaceChildren(...rows);
  if (hadFocus) byId("scan")?.focus();
}
