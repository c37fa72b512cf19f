export function topScores(scores, count) {
  const numbers = scores.map((score) => Number(score));
  const sorted = numbers.sort((a, b) => b - a);
  return sorted.slice(0, count);
}
