const leftovers = new Map<object, () => void>();

/** `resource` is open: `end` is how to get rid of it if the test does not. */
export function track(resource: object, end: () => void): void {
  leftovers.set(resource, end);
}

/** `resource` has come to its end. */
export function forget(resource: object): void {
  leftovers.delete(resource);
}

/** Ends, at once and without a word, every connection and process that a test left open. */
export function endLeftovers(): void {
  for (const end of leftovers.values()) end();
}
