/**
 * Topics are words joined by dots, "order.paid". In a pattern, "*" stands for one word and "**", at its end, for any number
 * of words, none included.
 */

const WORD = /^[A-Za-z][\w-]*$/;

export function checkTopic(topic) {
  if (!topic.split('.').every((word) => WORD.test(word))) throw new TypeError(`"${topic}" is no topic.`);
}

export function checkPattern(pattern) {
  const words = pattern.split('.');
  const isFine = words.every((word, index) => word === '*' || (word === '**' && index === words.length - 1) || WORD.test(word));
  if (!isFine) throw new TypeError(`"${pattern}" is no pattern of topics.`);
}

export function topicMatches(pattern, topic) {
  if (pattern === topic) return true;
  const wanted = pattern.split('.');
  const given = topic.split('.');
  for (const [index, word] of wanted.entries()) {
    if (word === '**') return true;
    if (index >= given.length) return false;
    if (word !== '*' && word !== given[index]) return false;
  }
  return wanted.length === given.length;
}
