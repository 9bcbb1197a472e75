// Elements of the page, made of text and other elements and never of markup in a string.

const SVG = "http://www.w3.org/2000/svg";

// What the server says has the apostrophes and spaces of a keyboard; the page those of print.
const printed = (child) => (typeof child === "string"
  ? child.replace(/(\p{L})'(?=[\p{L}«])/gu, "$1\u2019").replace(/ (?=[;:?!»])/g, "\u00a0").replace(/« /g, "«\u00a0")
  : child);

const fill = (made, children, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...[children].flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "").map(printed));
  return made;
};

export const element = (name, children = [], attributes = {}) => fill(document.createElement(name), children, attributes);

export const svg = (name, attributes = {}, children = []) => fill(document.createElementNS(SVG, name), children, attributes);
