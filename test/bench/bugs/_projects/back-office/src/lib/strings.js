/** Lower case, without accents: how names are compared in searches. */
export function folded(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

export function capitalized(text) {
  return text === '' ? '' : text[0].toUpperCase() + text.slice(1);
}

/** At most `length` characters, the last of them an ellipsis where something was cut. */
export function shortened(text, length) {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

export function words(text) {
  return text.trim().split(/\s+/).filter((word) => word !== '');
}
