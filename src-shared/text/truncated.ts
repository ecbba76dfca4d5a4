/** A text's first `characters` (UTF-16 code units), with “…” where it goes on; no half of a character is left. */
export const truncated = (text: string, characters: number): string =>
  text.length > characters ? `${text.slice(0, characters).toWellFormed()}…` : text
