// How sure a source is, as a word beside what it says.

import { element } from "./elements.js";
import { say } from "./words.js";

// The mark of a certainty; nothing where none is known.
export const certaintyMark = (certainty, title = null) => (certainty
  ? element("span", say(`certainty_${certainty}`), { class: `certainty ${certainty}`, title })
  : null);
