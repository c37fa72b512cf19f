/** Actions are words with dots, "invoice.read". A grant may end in a star: "invoice.*" covers all that starts with "invoice.". */

const ACTION = /^[a-z]+(\.[a-z]+)*$/;

export function checkAction(action) {
  if (!ACTION.test(action)) throw new Error(`"${action}" is no action.`);
}

export function covers(granted, action) {
  if (granted === '*') return true;
  if (granted.endsWith('.*')) return action.startsWith(granted.slice(0, -1));
  return granted === action;
}
