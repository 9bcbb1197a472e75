// The situation in the address of the page, after the sign # that browsers do not send.

// Write what is entered: names of the model, those of missions after their number.
export const toAddress = ({ role, volunteer, missions }) => {
  const found = new URLSearchParams();
  const add = (prefix, values) => {
    for (const [name, value] of Object.entries(values)) found.set(prefix + name, value);
  };
  if (role) found.set("role", role);
  add("", volunteer);
  missions.forEach((mission, index) => add(`${index + 1}.`, mission));
  return `#${found}`;
};

// Read what an address says; nothing if it holds no situation.
export const fromAddress = (hash) => {
  const entered = { volunteer: {}, missions: [] };
  for (const [name, value] of new URLSearchParams(hash.slice(1))) {
    const [, number, field] = name.match(/^(?:([1-9]\d?)\.)?(\w+)$/) ?? [];
    if (!field) continue;
    if (field === "role") {
      entered.role = value;
      continue;
    }
    const values = number ? (entered.missions[number - 1] ??= {}) : entered.volunteer;
    values[field] = value;
  }
  entered.missions = [...entered.missions].map((mission) => mission ?? {});
  const isEmpty = !Object.keys(entered.volunteer).length && !entered.missions.some((mission) => Object.keys(mission).length);
  return isEmpty ? null : { ...entered, missions: entered.missions.length ? entered.missions : [{}] };
};
