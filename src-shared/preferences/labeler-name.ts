// Names of labelers: those that begin with "simulated" are of simulated ones, so that nobody takes one for a person, nor a
// person for one.

/** Whether a name says of a labeler that it is simulated, however it is written. */
export const isSimulatedName = (labeler: string): boolean =>
  /^[^\p{L}\p{N}]*simulated/iu.test(
    labeler.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, ''),
  )
