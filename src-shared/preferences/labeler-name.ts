// Names of labelers: those that begin with "simulated" are of simulated ones, so that nobody takes one for a person, nor a
// person for one.

/** The setting that holds what this machine's person calls themselves. */
export const LABELER = 'labeler'
export const DEFAULT_LABELER = 'me'

/** Under whose name this machine's person ranks, and votes in the chat. @param setting as it is stored, of any type; absent = never set */
export const ownName = (setting: unknown): string =>
  (typeof setting === 'string' && setting.trim()) || DEFAULT_LABELER

/** Whether a name says of a labeler that it is simulated, however it is written. */
export const isSimulatedName = (labeler: string): boolean =>
  /^[^\p{L}\p{N}]*simulated/iu.test(
    labeler.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, ''),
  )
