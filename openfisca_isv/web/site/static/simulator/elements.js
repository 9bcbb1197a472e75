// Elements of the page, made of text and other elements and never of markup in a string.

const SVG = "http://www.w3.org/2000/svg";

const fill = (made, children, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...[children].flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
};

export const element = (name, children = [], attributes = {}) => fill(document.createElement(name), children, attributes);

export const svg = (name, attributes = {}, children = []) => fill(document.createElementNS(SVG, name), children, attributes);
