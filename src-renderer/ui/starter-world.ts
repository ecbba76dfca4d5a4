// The world that the starter buttons make: corpora in phase 1, demonstrations about the same islands in phase 2.

/** The same in every phase, since demonstrations of one world teach a model of another nothing. */
export const STARTER_SEED = 1
