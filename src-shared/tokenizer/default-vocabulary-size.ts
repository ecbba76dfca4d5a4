// The vocabulary a text gets when nobody says otherwise; the form shows what the trainer will do.

/** Vocabulary by training bytes: a token seen a few times only teaches a small model nothing. */
const sizes = [
  { below: 1e6, size: 512 },
  { below: 4e6, size: 1024 },
  { below: 10e6, size: 2048 },
  { below: 200e6, size: 4096 },
  { below: Number.POSITIVE_INFINITY, size: 8192 },
] as const

export const defaultVocabularySize = (bytes: number): number => sizes.find(({ below }) => bytes < below)!.size
