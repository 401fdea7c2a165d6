// The query and what follows from it. Start reading here: `state` is the query, `search` asks, `render` shows.

import { ask, key } from "./api.js";
import { byId, count, crossIcon, element, shortName } from "./elements.js";
import * as folders from "./folders.js";
import { firstImage, readImage } from "./query-image.js";
import * as results from "./results.js";
import * as viewer from "./viewer.js";

const TYPING_MILLIS = 160;
const state = { words: "", image: null, like: null, top: 24, threshold: 0 };
const images = []; // those of this visit, for the back button
let answer = null;
let library = null;
let asking = null;
let typing;

// --- asking ---

const isEmpty = () => !state.words.trim() && !state.image && !state.like;

async function search() {
  clearTimeout(typing);
  asking?.abort();
  const mine = asking = new AbortController();
  const start = performance.now();
  setBusy(true);
  try {
    const found = await (isEmpty() ? ask(`/library/documents?top=${state.top}`, { signal: mine.signal }) : ask("/library/search", {
      method: "POST",
      signal: mine.signal,
      body: { text: state.words, image: state.image?.data, like: state.like?.id, top: state.top },
    }));
    if (mine !== asking) return;
    answer = { ...found, isQuery: !isEmpty(), millis: performance.now() - start };
    setProblem(null);
    render();
  } catch (error) {
    if (mine === asking && error.name !== "AbortError") fail(error);
  } finally {
    if (mine === asking) setBusy(false);
  }
}

function setBusy(isBusy) {
  byId("busy").hidden = !isBusy || isEmpty();
  results.setWaiting(isBusy);
}

function setProblem(message) {
  const box = byId("problem");
  box.hidden = !message;
  if (box.textContent !== (message ?? "")) box.textContent = message ?? "";
}

function fail(error) {
  if (error.status === 401) {
    key.forget();
    byId("key-form").hidden = false;
    setProblem(null);
    return false;
  }
  if (error.code === "loading") {
    byId("summary").textContent = "The model is being loaded …";
    return true;
  }
  if (answer === null || error.status === 0) byId("summary").textContent = "";
  setProblem(error.message.charAt(0).toUpperCase() + error.message.slice(1));
  return true;
}

// --- showing ---

const visible = () => answer.isQuery ? answer.matches.filter(match => state.threshold <= 0 || match.score >= state.threshold) : answer.matches;

function render() {
  if (!answer) return;
  const matches = visible();
  results.show(matches);
  renderSummary(matches);
  renderEmpty(matches);
}

function renderSummary(matches) {
  const line = byId("summary");
  const parts = [];
  if (answer.isQuery) {
    parts.push(element("strong", {}, count(matches.length, "result")), ` of ${count(answer.documents, "document")} · ${answer.model} · ${milliseconds(answer.millis)}`);
    answer.minus.forEach(term => parts.push(element("span", { className: "minus" }, `not ${term}`)));
    line.title = `embedding ${milliseconds(answer.embed_ms)}, search ${milliseconds(answer.search_ms)}, with the way there and back ${milliseconds(answer.millis)}`;
  } else if (answer.documents) {
    parts.push(element("strong", {}, count(answer.documents, "document")), matches.length < answer.documents ? `, the first ${matches.length} are shown` : "");
    line.title = "";
  }
  line.replaceChildren(...parts);
}

function milliseconds(value) {
  return value < 9.5 ? `${value.toFixed(1)} ms` : value < 9500 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function renderEmpty(matches) {
  const box = byId("empty");
  box.hidden = matches.length > 0;
  if (!box.hidden) box.replaceChildren(...emptyMessage());
}

function emptyMessage() {
  if (library && !library.folders.length) {
    return [element("h2", {}, "No folder to search"), element("p", {}, "Start the server with one: "), element("code", {}, "mme5 serve --in FOLDER")];
  }
  if (answer.isQuery && answer.matches.length) {
    return [element("h2", {}, "Nothing scores that high"), element("p", {}, `The best has ${answer.matches[0].score.toFixed(2)}. Move the slider to the left.`)];
  }
  const isIndexing = library?.folders.some(folder => !folder.updated && !folder.error);
  return isIndexing
    ? [element("h2", {}, "Reading the folders"), element("p", {}, "What is in them can be found when they are indexed. The foot of the page shows how far that is.")]
    : [element("h2", {}, "Nothing here"), element("p", {}, "The folders hold no images and no texts that this model reads.")];
}

/** What the results should be like, before the words: an image, a document. */
function renderGiven() {
  const list = byId("given");
  const items = [];
  if (state.like) items.push(given(state.like.name ?? "this", state.like.thumbnail, "like", () => { state.like = null; }));
  if (state.image) items.push(given(state.image.name, state.image.preview, "image", () => { state.image = null; }));
  list.replaceChildren(...items);
  list.hidden = !items.length;
  byId("clear").hidden = isEmpty();
  byId("words").placeholder = items.length ? "and these words" : "Describe it, in any language";
  document.title = isEmpty() ? "mme5" : `${state.words.trim() || state.like?.name || state.image?.name || "image"} · mme5`;
}

function given(name, preview, kind, remove) {
  const text = element("span", { className: "page", "aria-hidden": "true" }, "Aa");
  const image = preview ? element("img", { src: preview, alt: "" }) : text;
  image.addEventListener("error", () => image.replaceWith(text));
  const button = element("button", { type: "button", className: "icon", "aria-label": `Remove ${name}` }, crossIcon());
  button.addEventListener("click", () => {
    remove();
    changed();
    byId("words").focus();
  });
  return element("li", { title: kind === "like" ? `More like ${name}` : name }, image, element("span", { className: "name" }, name), button);
}

// --- the query changes ---

/** @param isStep false while a person types: then the back button goes to before it */
function changed(isStep = true) {
  remember(isStep);
  renderGiven();
  return search();
}

function like(match) {
  Object.assign(state, { like: { id: match.id, name: shortName(match), thumbnail: key.get() ? null : match.thumbnail }, words: "", image: null });
  byId("words").value = "";
  changed();
  scrollTo({ top: 0 });
  byId("results").focus({ preventScroll: true });
}

async function useImage(file) {
  if (!file) return;
  try {
    state.image = await readImage(file);
  } catch (error) {
    setProblem(error.message);
    return;
  }
  images.push(state.image);
  changed();
  scrollTo({ top: 0 });
}

function clear() {
  Object.assign(state, { words: "", image: null, like: null });
  byId("words").value = "";
  changed();
  byId("words").focus();
}

function setThreshold(value) {
  state.threshold = value;
  const shown = value > 0 ? value.toFixed(2) : "any";
  byId("threshold").value = value;
  byId("threshold").setAttribute("aria-valuetext", shown);
  byId("threshold-value").textContent = shown;
}

// --- the address: words, document, number and threshold; the image of this visit by its number ---

function remember(isStep) {
  const parameters = new URLSearchParams();
  if (state.words.trim()) parameters.set("q", state.words.trim());
  if (state.like) parameters.set("like", state.like.id);
  if (state.top !== 24) parameters.set("top", state.top);
  if (state.threshold > 0) parameters.set("min", state.threshold);
  const kept = { like: state.like, image: images.indexOf(state.image) };
  const url = parameters.size ? `?${parameters}` : location.pathname;
  if (isStep) history.pushState(kept, "", url);
  else history.replaceState(kept, "", url);
}

function restore() {
  const parameters = new URLSearchParams(location.search);
  const id = parameters.get("like");
  state.words = parameters.get("q") ?? "";
  state.like = id ? history.state?.like ?? { id, name: null, thumbnail: `/library/thumbnails/${encodeURIComponent(id)}` } : null;
  state.image = images[history.state?.image] ?? null;
  const top = byId("top");
  top.value = parameters.get("top") ?? "24";
  if (top.selectedIndex < 0) top.value = "24";
  state.top = Number(top.value);
  setThreshold(Math.min(1, Math.max(0, Number(parameters.get("min")) || 0)));
  byId("words").value = state.words;
  renderGiven();
}

// --- what a person does ---

byId("words").addEventListener("input", event => {
  state.words = event.target.value;
  clearTimeout(typing);
  typing = setTimeout(() => changed(false), event.isComposing ? TYPING_MILLIS * 3 : TYPING_MILLIS);
});
byId("query").addEventListener("submit", event => {
  event.preventDefault();
  changed();
});
byId("clear").addEventListener("click", clear);
byId("home").addEventListener("click", event => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  clear();
});
byId("choose").addEventListener("click", () => byId("file").click());
byId("file").addEventListener("change", event => {
  useImage(event.target.files[0]);
  event.target.value = "";
});
byId("top").addEventListener("change", event => {
  state.top = Number(event.target.value);
  changed(false);
});
byId("threshold").addEventListener("input", event => {
  setThreshold(Number(event.target.value));
  remember(false);
  render();
});
byId("key-form").addEventListener("submit", event => {
  event.preventDefault();
  key.set(byId("key").value.trim());
  byId("key-form").hidden = true;
  folders.now();
});
addEventListener("popstate", () => {
  restore();
  search();
});
addEventListener("keydown", event => {
  const isTyping = event.target.closest?.("input, select, textarea, dialog");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    byId("words").select();
  }
  if (event.key === "Escape" && event.target.closest?.("#query") && !isEmpty()) clear();
});

addEventListener("paste", event => {
  const file = firstImage(event.clipboardData);
  if (!file) return;
  event.preventDefault();
  useImage(file);
});
const hasFiles = event => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", event => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  byId("drop").classList.add("open");
});
addEventListener("dragleave", event => {
  if (!event.relatedTarget) byId("drop").classList.remove("open");
});
addEventListener("drop", event => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  byId("drop").classList.remove("open");
  const file = firstImage(event.dataTransfer);
  if (file) useImage(file);
  else setProblem("What was dropped is no image.");
});

// --- the start ---

results.setUp({ open: match => viewer.open(match, visible()), like });
viewer.setUp(like);
restore();
folders.watch({
  state(current) {
    library = current;
    byId("choose").hidden = !current.takes_images;
    if (answer && !answer.matches.length) render();
  },
  changed: () => search(),
  failed: fail,
});
if (matchMedia("(hover: hover)").matches) byId("words").focus();
