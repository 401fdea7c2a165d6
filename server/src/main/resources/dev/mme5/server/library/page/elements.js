// Makes elements. Text is always text, never markup: names of files may say anything.

const SVG = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("aria-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

export function crossIcon() {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "m6 6 12 12M18 6 6 18");
  svg.append(path);
  return svg;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** The name of a file without folders and, for images, without its ending. */
export function shortName(match) {
  const name = match.name.slice(match.name.lastIndexOf("/") + 1);
  return match.thumbnail ? name.replace(/\.[A-Za-z0-9]{2,5}$/, "") || name : name;
}
