const MARKS = { keep: ' ', remove: '-', add: '+' };

/**
 * Groups edits into hunks: changes with up to `context` kept lines around them. Changes with no more than twice as many
 * kept lines between them share a hunk.
 */
export function hunksOf(edits, context) {
  const hunks = [];
  let current;
  let keptSince = 0;
  let oldIndex = 0;
  let newIndex = 0;
  edits.forEach((edit, index) => {
    if (edit.kind === 'keep') {
      keptSince++;
    } else {
      if (current === undefined || keptSince > 2 * context) {
        const lead = Math.min(context, index);
        current = { from: index - lead, to: index, oldIndex: oldIndex - lead, newIndex: newIndex - lead };
        hunks.push(current);
      }
      current.to = index + 1;
      keptSince = 0;
    }
    if (edit.kind !== 'add') oldIndex++;
    if (edit.kind !== 'remove') newIndex++;
  });
  return hunks.map(({ from, to, ...start }) => ({ ...start, edits: edits.slice(from, Math.min(to + context, edits.length)) }));
}

/** "@@ -1,3 +1,4 @@" and the lines below it. */
export function formatHunk({ oldIndex, newIndex, edits }) {
  const oldCount = edits.filter(({ kind }) => kind !== 'add').length;
  const newCount = edits.filter(({ kind }) => kind !== 'remove').length;
  const lines = edits.map(({ kind, text }) => `${MARKS[kind]}${text}`);
  return [`@@ -${range(oldIndex, oldCount)} +${range(newIndex, newCount)} @@`, ...lines];
}

/** Lines are counted from 1. A range without lines is named by the line before it, which is 0 at the top of a file. */
function range(index, count) {
  if (count === 0) return `${index},0`;
  return `${index + 1},${count}`;
}
