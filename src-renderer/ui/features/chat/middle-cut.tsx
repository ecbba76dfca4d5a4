// A name on one line that is cut in its middle where there is no room: names of runs differ at their ends.
import classes from './chat.module.css'

/** Characters at the end that are cut last. */
const KEPT = 6
/** Shorter names are not taken apart. */
const SHORT = 14

/** @param end what stands behind the name and is never cut before it: `, step 3,000` */
export function MiddleCut({ name, end = '' }: { name: string; end?: string }) {
  const characters = [...name]
  const at = characters.length > SHORT ? characters.length - KEPT : characters.length
  return (
    <bdi className={classes.middleCut} title={name + end}>
      <span className={classes.oneLine}>{characters.slice(0, at).join('')}</span>
      <span className={classes.keptEnd}>{characters.slice(at).join('') + end}</span>
    </bdi>
  )
}
