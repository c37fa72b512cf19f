/** Decides how much of a prompt the server has read already: what it shares with the last prompt in a slot. */

export interface PromptCache {
  /** Characters at the beginning of `prompt` that the best slot holds. */
  sharedChars(prompt: string): number;
  remember(prompt: string): void;
  forget(): void;
}

/** Servers before 0.30 keep one prompt per slot and nothing else; measured 0.11.4: a fill in between costs the chat its cache. */
export function createPromptCache(slots: () => number): PromptCache {
  let held: readonly string[] = [];
  return {
    sharedChars: (prompt) => Math.max(0, ...held.map((other) => sharedPrefix(prompt, other))),
    remember(prompt) {
      const closest = held.toSorted((a, b) => sharedPrefix(prompt, b) - sharedPrefix(prompt, a))[0];
      const kept = held.length < slots() ? held : held.filter((other) => other !== closest);
      held = [...kept, prompt];
    },
    forget() {
      held = [];
    },
  };
}

function sharedPrefix(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}
