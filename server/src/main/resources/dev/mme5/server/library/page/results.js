// The grid. A match that was there before keeps its element, so that images do not flicker while a person types.

import { address, key } from "./api.js";
import { byId, element, shortName } from "./elements.js";

const list = byId("results");
const cards = new Map();
let handlers;

/** @param actions `open(match, position)` and `like(match)` */
export function setUp(actions) {
  handlers = actions;
  list.addEventListener("keydown", moveByArrows);
}

function thumbnail(card, match) {
  const image = element("img", { alt: "", loading: "lazy", decoding: "async", width: 320, height: 320 });
  image.addEventListener("error", () => image.replaceWith(element("span", { className: "broken" }, "no preview")), { once: true });
  if (!key.get()) image.src = match.thumbnail;
  else {
    address(match.thumbnail).then(file => {
      image.src = file.url;
      card.release = file.release;
    }, () => image.dispatchEvent(new Event("error")));
  }
  return image;
}

function makeCard(match) {
  const card = { match };
  card.score = element("span", { className: "score" });
  card.bar = element("span", { className: "likeness" });
  const name = shortName(match);
  card.link = element("a", { href: match.file, target: "_blank", rel: "noopener", title: match.name },
      match.thumbnail ? thumbnail(card, match) : element("p", { className: "beginning" }, match.title),
      element("span", { className: "line" }, card.bar, element("span", { className: "name" }, name), card.score));
  card.link.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    handlers.open(card.match);
  });
  const like = element("button", { type: "button", "aria-label": `More like ${name}` }, "More like this");
  like.addEventListener("click", () => handlers.like(card.match));
  card.element = element("li", { className: "card" }, card.link, like);
  return card;
}

function update(card, match) {
  card.match = match;
  const hasScore = match.score !== undefined;
  card.score.textContent = hasScore ? match.score.toFixed(2) : "";
  card.score.title = hasScore ? `cosine ${match.score.toFixed(4)}` : "";
  card.bar.style.width = `${Math.max(0, Math.min(1, match.score ?? 0)) * 100}%`;
}

/** Shows matches in their order and nothing else. */
export function show(matches) {
  const wanted = new Set(matches.map(match => match.id));
  for (const [id, card] of cards) {
    if (wanted.has(id)) continue;
    card.element.remove();
    card.release?.();
    cards.delete(id);
  }
  const focused = document.activeElement;
  matches.forEach((match, position) => {
    let card = cards.get(match.id);
    if (!card || card.match.title !== match.title) {
      card?.element.remove();
      card = makeCard(match);
      cards.set(match.id, card);
    }
    update(card, match);
    if (list.children[position] !== card.element) list.insertBefore(card.element, list.children[position] ?? null);
  });
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

export const setWaiting = isWaiting => list.classList.toggle("waiting", isWaiting);

export const focus = match => cards.get(match.id)?.link.focus();

/** Arrow keys go from card to card as the eye does. */
function moveByArrows(event) {
  const current = event.target.closest(".card");
  if (!current || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...list.children];
  const columns = all.filter(card => card.offsetTop === all[0].offsetTop).length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const target = step && all[all.indexOf(current) + step];
  if (!target) return;
  event.preventDefault();
  target.querySelector("a").focus();
  target.scrollIntoView({ block: "nearest" });
}
